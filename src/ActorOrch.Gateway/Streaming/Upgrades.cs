using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway.Streaming;

/// <summary>Requests that ask to turn their connection into another protocol's (RFC 9110 §7.8).</summary>
internal static class Upgrades
{
    public static bool Has(HttpRequest request, string protocol) =>
        Lists(request.Headers.GetCommaSeparatedValues("Connection"), "upgrade") && Lists(request.Headers.GetCommaSeparatedValues("Upgrade"), protocol);

    /// <summary>Throws 400 where the connection cannot be upgraded, as one of HTTP/2 cannot.</summary>
    public static IHttpUpgradeFeature Feature(HttpContext http) =>
        http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } feature ? feature : throw Required();

    public static ApiException Required() => ApiException.BadRequest("Upgrade request required");

    private static bool Lists(string[] values, string wanted) => values.Any(v => v.Equals(wanted, StringComparison.OrdinalIgnoreCase));
}
