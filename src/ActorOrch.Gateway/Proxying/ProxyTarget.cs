using System.Globalization;
using ActorOrch.Resources.Addressing;

namespace ActorOrch.Gateway.Proxying;

/// <summary>What a proxied request goes to: a scheme, an address that may be reached and a port, each of its own type, so that none can smuggle in another.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Port">Null for the scheme's own.</param>
internal sealed record ProxyTarget(string Scheme, NetworkAddress Address, int? Port)
{
    /// <summary>Host and port, as a URL has them.</summary>
    public string Authority => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Address.ToHost()}:{port}") : Address.ToHost();

    /// <summary>The server without a path.</summary>
    public string Origin => $"{Scheme}://{Authority}";

    /// <summary>The URL of a path and query, written as they are given: the server sees the escapes and dots of the client.</summary>
    /// <param name="path">Begins with a slash, or is empty for the root.</param>
    /// <param name="query">With its question mark; empty for none.</param>
    public Uri At(string path, string query)
    {
        if (path.Length > 0 && path[0] != '/') throw new ArgumentException("a path begins with a slash", nameof(path));
        // A bare '#' would end what is sent.
        var rest = (path.Length == 0 ? "/" : path) + query;
        return new(Origin + rest.Replace("#", "%23", StringComparison.Ordinal), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }
}
