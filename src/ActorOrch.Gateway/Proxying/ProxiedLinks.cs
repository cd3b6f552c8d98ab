namespace ActorOrch.Gateway.Proxying;

/// <summary>Turns links to a proxied server into links through the proxy, so that a browser that follows them stays on it.</summary>
/// <param name="prefix">The path of the proxy subresource, without a slash at its end.</param>
/// <param name="target">Host and port that were asked.</param>
/// <param name="self">Host and port by which the client reaches the gateway.</param>
internal sealed class ProxiedLinks(string prefix, string target, string self)
{
    /// <summary>Links that are relative, that lead elsewhere or that lead through the proxy already stay as they are.</summary>
    public string Rewrite(string link)
    {
        var (authorityAt, pathAt) = Split(link);
        var authority = link.AsSpan(authorityAt, pathAt - authorityAt);
        var toSelf = authority.Equals(self, StringComparison.OrdinalIgnoreCase);
        if (authority.Length > 0 && !toSelf && !authority.Equals(target, StringComparison.OrdinalIgnoreCase)) return link;
        var path = link.AsSpan(pathAt);
        if (path is not ['/', ..] || IsThroughProxy(path)) return link;
        return string.Concat(toSelf ? link.AsSpan(0, pathAt) : "", prefix, path);
    }

    private bool IsThroughProxy(ReadOnlySpan<char> path) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] is '/' or '?' or '#');

    // Where host and port begin, and where the path does: both at the start of a link that names no host.
    private static (int AuthorityAt, int PathAt) Split(string link)
    {
        var slashes = link.IndexOf("//", StringComparison.Ordinal);
        var named = slashes == 0 || (slashes > 1 && link[slashes - 1] == ':' && link.AsSpan(0, slashes - 1).IndexOfAny("/?#") < 0);
        if (!named) return (0, 0);
        var path = link.AsSpan(slashes + 2).IndexOfAny("/?#");
        return (slashes + 2, path < 0 ? link.Length : slashes + 2 + path);
    }
}
