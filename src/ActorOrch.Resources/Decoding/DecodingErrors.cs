using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Decoding;

/// <summary>The answers to documents that cannot be decoded.</summary>
internal static class DecodingErrors
{
    private const int SummaryLength = 30;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>The document names a kind that decodes to something else, or does not decode.</summary>
    public static ApiException CannotHandle(string kind, string version, string expectedKind, string error) =>
        ApiException.BadRequest($"{kind} in version \"{version}\" cannot be handled as a {expectedKind}: {error}");

    /// <summary>The body does not even tell its kind.</summary>
    public static ApiException Unrecognized(string expectedKind, string error, ReadOnlySpan<byte> body) =>
        ApiException.BadRequest($"the object provided is unrecognized (must be of type {expectedKind}): {error} ({Summarize(body)})");

    /// <summary>A patch led to a document that does not decode.</summary>
    public static ApiException InvalidPatch(JsonNode patched, string error)
    {
        var cause = new FieldError("FieldValueInvalid", "patch", $"Invalid value: {JsonSerializer.Serialize(patched.ToJsonString(Plain), Plain)}: {error}");
        // Upstream knows neither kind nor name at this point, and prints them as they are: nothing.
        return new(422, "Invalid", $" \"\" is invalid: {cause}") { Causes = [cause] };
    }

    public static ApiException UnsupportedMediaType(params IReadOnlyList<string> accepted) =>
        new(415, "UnsupportedMediaType",
            $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    private static string Summarize(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return "<empty>";
        var start = body[..Math.Min(body.Length, SummaryLength)];
        var text = body[0] == '{' ? Encoding.UTF8.GetString(start) : Convert.ToHexStringLower(start);
        return body.Length > SummaryLength ? text + " ..." : text;
    }
}
