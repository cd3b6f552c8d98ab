using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>Turns a connection into one of SPDY/3.1 that carries one of several protocols of streams.</summary>
internal static class SpdyHandshake
{
    private const string Protocol = "SPDY/3.1";
    private const string VersionHeader = "X-Stream-Protocol-Version";
    private const string AcceptedHeader = "X-Accepted-Stream-Protocol-Versions";

    public static bool IsAsked(HttpRequest request) => Upgrades.Has(request, Protocol);

    /// <summary>
    /// The first protocol of the client's that is served. Throws 400 where it names none, 403 where none fits, in which case the answer lists those
    /// that are.
    /// </summary>
    public static string Negotiate(HttpContext http, IReadOnlyCollection<string> served)
    {
        var offered = http.Request.Headers.GetCommaSeparatedValues(VersionHeader);
        if (offered.Length == 0) throw ApiException.BadRequest($"unable to upgrade: {VersionHeader} is required");
        if (offered.FirstOrDefault(served.Contains) is { } chosen) return chosen;
        http.Response.Headers[AcceptedHeader] = served.ToArray();
        throw new ApiException(403, "Forbidden",
            $"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', offered)}], server accepts [{string.Join(' ', served)}]");
    }

    /// <summary>Throws 400 where the connection cannot be upgraded.</summary>
    public static async Task<SpdyConnection> AcceptAsync(HttpContext http, string protocol)
    {
        var upgrade = Upgrades.Feature(http);
        http.Response.Headers.Upgrade = Protocol;
        http.Response.Headers[VersionHeader] = protocol;
        return new(await upgrade.UpgradeAsync().ConfigureAwait(false));
    }
}
