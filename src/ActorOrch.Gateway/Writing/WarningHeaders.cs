using System.Text;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Writing;

/// <summary>Tells the caller what it should know besides the result, as <c>Warning: 299</c> headers (RFC 7234, section 5.5).</summary>
internal static class WarningHeaders
{
    // As upstream: past this many bytes in all, each warning is cut short; past it again, the rest is dropped.
    private const int MostBytes = 4 * 1024;
    private const int ShortLength = 256;

    public static void Write(HttpResponse response, ICollection<string> warnings)
    {
        if (warnings.Count == 0) return;
        var distinct = warnings.Distinct().ToArray();
        var shorten = distinct.Sum(w => w.Length) > MostBytes;
        var left = MostBytes;
        foreach (var warning in distinct)
        {
            var text = Quote(shorten && warning.Length > ShortLength ? warning[..ShortLength] : warning);
            left -= text.Length;
            if (left < 0) return;
            response.Headers.Append("Warning", $"299 - {text}");
        }
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\');
            quoted.Append(char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c);
        }
        return quoted.Append('"').ToString();
    }
}
