using ActorOrch.Gateway.Access;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Discovery;
using ActorOrch.Gateway.Health;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Serving;

/// <summary>Paths that are not resources: health, version, discovery, schemas.</summary>
internal sealed class PathHandlers(GatewayOptions options, RouteTable routes)
{
    private readonly HealthHandler _health = new(options.Readiness, options.Time);
    private readonly DiscoveryHandler _discovery = new(routes);
    private readonly OpenApiHandler _openApi = new(routes);
    private readonly CachedDocument _version = new(options.Version.ToJson(), Answer.JsonType);

    /// <param name="caller">Null where no one has to say who it is.</param>
    public Task HandleAsync(HttpContext context, string path, Caller? caller)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            throw ApiException.MethodNotAllowed();
        if (_health.Serves(path)) return _health.HandleAsync(context, path, reasons: caller is not null && Authorizer.IsAdministrator(caller));
        if (path is "/version" or "/version/") return _version.WriteAsync(context);
        if (path.StartsWith("/openapi/", StringComparison.Ordinal)) return _openApi.HandleAsync(context, path);
        return _discovery.TryHandle(context, path, out var handled) ? handled : throw Failures.UnknownPath();
    }
}
