using System.Globalization;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Reading;

/// <summary>Integers of a query, in the form and with the complaints of Go's <c>strconv</c>: decimal digits alone, after a sign where one may stand.</summary>
internal static class QueryNumber
{
    /// <summary>A parameter of 64 bits with a sign; null where it is absent or empty. Throws 400 for anything else.</summary>
    public static long? Signed(ApiRequest request, string name)
    {
        var text = request.Query(name);
        if (text.Length == 0) return null;
        if (!IsDigits(text.AsSpan(text[0] is '+' or '-' ? 1 : 0))) throw ApiException.BadRequest(Complaint("ParseInt", text, InvalidSyntax));
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiException.BadRequest(Complaint("ParseInt", text, OutOfRange));
    }

    /// <summary>A number without a sign, up to <paramref name="most"/>; else why it is none.</summary>
    public static (ulong Number, string? Complaint) Unsigned(string text, ulong most)
    {
        if (!IsDigits(text)) return (0, Complaint("ParseUint", text, InvalidSyntax));
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? (number, null)
            : (0, Complaint("ParseUint", text, OutOfRange));
    }

    private const string InvalidSyntax = "invalid syntax";
    private const string OutOfRange = "value out of range";

    private static string Complaint(string function, string text, string what) => $"strconv.{function}: parsing \"{text}\": {what}";

    // Looked at here: the framework's own parser lets zero characters follow.
    private static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');
}
