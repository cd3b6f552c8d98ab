namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>URIs as Go's <c>net/url.ParseRequestURI</c> takes them: absolute, or an absolute path.</summary>
internal static class RequestUri
{
    private const string HostMarks = "-_.~!$&'()*+,;=:[]<>\"";
    private const string UserMarks = "-._:~!$&'()*+,;=%@";

    public static bool IsValid(string text)
    {
        if (text.Length == 0 || text.Any(c => c < ' ' || c == '\x7f')) return false;
        if (text == "*") return true;
        if (!TrySplitScheme(text, out var scheme, out var rest)) return false;
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0) rest = rest[..query];
        if (!rest.StartsWith('/')) return scheme.Length > 0;
        if (scheme.Length > 0 && rest.StartsWith("//", StringComparison.Ordinal) && !rest.StartsWith("///", StringComparison.Ordinal))
        {
            var end = rest.IndexOf('/', 2);
            if (!IsAuthority(end < 0 ? rest[2..] : rest[2..end])) return false;
            rest = end < 0 ? "" : rest[end..];
        }
        return HasWholeEscapes(rest);
    }

    private static bool TrySplitScheme(string text, out string scheme, out string rest)
    {
        (scheme, rest) = ("", text);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiLetter(text[i])) continue;
            if (text[i] == ':')
            {
                (scheme, rest) = (text[..i], text[(i + 1)..]);
                return i > 0;
            }
            if (i == 0 || !(char.IsAsciiDigit(text[i]) || text[i] is '+' or '-' or '.')) return true;
        }
        return true;
    }

    private static bool IsAuthority(string authority)
    {
        var at = authority.LastIndexOf('@');
        if (at >= 0 && (!authority[..at].All(c => char.IsAsciiLetterOrDigit(c) || UserMarks.Contains(c)) || !HasWholeEscapes(authority[..at]))) return false;
        var host = authority[(at + 1)..];
        if (host.StartsWith('['))
        {
            var end = host.LastIndexOf(']');
            return end > 0 && IsPort(host[(end + 1)..]);
        }
        var colon = host.LastIndexOf(':');
        return (colon < 0 || IsPort(host[colon..])) && host.All(c => !char.IsAscii(c) || char.IsAsciiLetterOrDigit(c) || c == '%' || HostMarks.Contains(c)) && HasWholeEscapes(host);
    }

    private static bool IsPort(string text) => text.Length == 0 || (text[0] == ':' && text.Skip(1).All(char.IsAsciiDigit));

    private static bool HasWholeEscapes(string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) return false;
        return true;
    }
}
