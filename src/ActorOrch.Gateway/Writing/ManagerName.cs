using System.Globalization;
using System.Text;
using ActorOrch.Gateway.Routing;

namespace ActorOrch.Gateway.Writing;

/// <summary>The name by which a writer owns fields: what it says, else what its program is called.</summary>
internal static class ManagerName
{
    /// <summary>In bytes of UTF-8.</summary>
    public const int Longest = 128;

    /// <summary>Empty where the writer does not tell either.</summary>
    public static string Of(ApiRequest request)
    {
        var said = request.Query("fieldManager");
        return said.Length > 0 ? said : OfProgram(request.Http.Request.Headers.UserAgent.ToString());
    }

    /// <summary>What stands before the first slash, as far as it can be shown.</summary>
    internal static string OfProgram(string userAgent)
    {
        var slash = userAgent.IndexOf('/', StringComparison.Ordinal);
        var program = slash < 0 ? userAgent : userAgent[..slash];
        if (program.Length <= Longest && Ascii.IsValid(program) && !program.AsSpan().ContainsAnyExceptInRange(' ', '~')) return program;
        var (name, bytes) = (new StringBuilder(), 0);
        foreach (var rune in program.EnumerateRunes())
        {
            if (!IsPrintable(rune)) continue;
            bytes += rune.Utf8SequenceLength;
            if (bytes > Longest) break;
            name.Append(rune.ToString());
        }
        return name.ToString();
    }

    // As Go has it: letters, marks, numbers, punctuation, symbols, and of all spaces the plain one. What was no UTF-8 has become U+FFFD, a symbol.
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || !(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
