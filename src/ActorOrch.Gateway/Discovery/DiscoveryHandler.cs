using System.Collections.Concurrent;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Discovery;

/// <summary>Tells clients what is served.</summary>
internal sealed class DiscoveryHandler(RouteTable routes)
{
    private static readonly string[] RootPaths = ["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"];

    private object _generation = new();
    private ConcurrentDictionary<string, CachedDocument> _documents = new();

    /// <summary>Answers the paths of discovery; false for any other.</summary>
    public bool TryHandle(HttpContext context, string path, out Task handled)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var document = parts switch
        {
            [] => Cached("/", () => new() { ["paths"] = ResourceLists.Strings(RootPaths) }),
            ["api"] => Root(context, core: true),
            ["apis"] => Root(context, core: false),
            ["api", var version] => Resources("", version),
            ["apis", var group] => Group(group),
            ["apis", var group, var version] => Resources(group, version),
            _ => null,
        };
        handled = document is null ? Task.CompletedTask
            : parts is ["api"] or ["apis"] ? document.WriteTaggedAsync(context)
            : document.WriteAsync(context);
        return document is not null;
    }

    private CachedDocument Root(HttpContext context, bool core)
    {
        context.Response.Headers.Vary = "Accept";
        var types = routes.Types.Where(t => t.Group.Length == 0 == core);
        var aggregated = AggregatedDiscovery.AcceptedVersion(context.Request.Headers.Accept.ToString());
        if (aggregated is not null)
            return Cached($"{aggregated} {core}", () => AggregatedDiscovery.Document(types, aggregated), AggregatedDiscovery.ContentType(aggregated));
        var host = context.Request.Headers.Host.ToString();
        return core ? new(ResourceLists.CoreVersions(types, host), Answer.JsonType) : Cached("/apis", () => ResourceLists.Groups(types));
    }

    private CachedDocument? Group(string group)
    {
        var types = routes.Types.Where(t => t.Group.Length > 0 && t.Group == group).ToArray();
        return types.Length == 0 ? null : Cached($"/apis/{group}", () => ResourceLists.GroupDocument(group, types));
    }

    private CachedDocument? Resources(string group, string version)
    {
        var types = routes.Types.Where(t => t.Group == group && t.Version == version).ToArray();
        if (types.Length == 0) return null;
        return Cached($"{group}/{version}", () => ResourceLists.Resources(types[0].ApiVersion, types));
    }

    private CachedDocument Cached(string key, Func<System.Text.Json.Nodes.JsonObject> build, string contentType = Answer.JsonType)
    {
        var generation = routes.Generation;
        if (!ReferenceEquals(generation, _generation))
        {
            _documents = new();
            _generation = generation;
        }
        return _documents.GetOrAdd(key, static (_, make) => new(make.build(), make.contentType), (build, contentType));
    }
}
