using ActorOrch.Gateway.Answering;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Proxying;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Serving;
using ActorOrch.Gateway.Streaming.PortForwarding;
using ActorOrch.Gateway.Streaming.RemoteCommands;
using ActorOrch.Gateway.Subresources;
using ActorOrch.Gateway.Watching;
using ActorOrch.Gateway.Writing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Routing;

/// <summary>From a resource and a verb to the handler.</summary>
internal sealed class ResourceHandlers : IDisposable
{
    private readonly GetHandler _get;
    private readonly ListHandler _list;
    private readonly WatchHandler _watch;
    private readonly WriteHandler _write;
    private readonly DeleteHandler _delete;
    private readonly ScaleHandler _scale;
    private readonly LogHandler _log;
    private readonly RemoteCommandHandler _commands;
    private readonly PortForwardHandler _portForward;
    private readonly PodActionHandler _podActions;
    private readonly ProxyHandler _proxy;
    private readonly AnswerHandler _answers;

    public ResourceHandlers(GatewayOptions options, IReadOnlyList<AnsweredKind> answered, CancellationToken stopping)
    {
        var registry = options.Api.Registry;
        _get = new(registry, options.Time);
        _list = new(registry, options.Time);
        _watch = new(registry, options.Time, options.Random, options.SlowWatcherGrace, stopping);
        _write = new(options.Api, options.Time);
        _delete = new(options.Api, options.Time);
        _scale = new(options.Api);
        _log = new(registry, options.NodeStreams, options.Time, stopping);
        _commands = new(registry, options.NodeStreams, options.Time, stopping);
        _portForward = new(registry, options.NodeStreams, options.Time, stopping);
        _podActions = new(options.Api);
        _proxy = new(registry, options.Random, stopping);
        _answers = new(answered, options.Time);
    }

    public Task HandleAsync(ApiRequest request)
    {
        CheckScope(request);
        return request.Info.Subresource.Length == 0 ? MainAsync(request) : SubresourceAsync(request);
    }

    private Task MainAsync(ApiRequest request)
    {
        if (_answers.Find(request.Type) is { } kind) return _answers.CreateAsync(request, kind);
        var named = request.Info.Name.Length > 0;
        return request.Info.Verb switch
        {
            "get" => _get.HandleAsync(request),
            "list" => _list.HandleAsync(request),
            "watch" => _watch.HandleAsync(request),
            "create" when !named && HasNamespace(request) => _write.CreateAsync(request),
            "update" when named => _write.UpdateAsync(request),
            "patch" when named => _write.PatchAsync(request),
            "delete" => _delete.DeleteAsync(request),
            "deletecollection" when HasNamespace(request) && request.Type.Verbs.Contains("deletecollection") => _delete.DeleteCollectionAsync(request),
            _ => throw ApiException.MethodNotAllowed(),
        };
    }

    private Task SubresourceAsync(ApiRequest request)
    {
        var info = request.Info;
        var subresource = Subresource.Find(request.Type, info.Subresource);
        // Any method and any path go on to what is proxied.
        if (subresource?.Name == Subresource.Proxy) return _proxy.HandleAsync(request);
        if (subresource is null || info.Rest.Length > 0) throw Failures.UnknownPath();
        if (!subresource.Verbs.Contains(info.Verb)) throw ApiException.MethodNotAllowed();
        return (info.Subresource, info.Verb) switch
        {
            ("status", "get") => _get.HandleAsync(request),
            ("status" or "finalize", "update") => _write.UpdateAsync(request),
            ("status", "patch") => _write.PatchAsync(request),
            ("scale", "get") => _scale.GetAsync(request),
            ("scale", "update") => _scale.UpdateAsync(request),
            ("scale", "patch") => _scale.PatchAsync(request),
            ("log", _) => _log.HandleAsync(request),
            ("exec", _) => _commands.ExecAsync(request),
            ("attach", _) => _commands.AttachAsync(request),
            ("portforward", _) => _portForward.HandleAsync(request),
            ("binding", _) => _podActions.BindAsync(request),
            ("eviction", _) => _podActions.EvictAsync(request),
            _ => throw Failures.UnknownPath(),
        };
    }

    public void Dispose() => _proxy.Dispose();

    // A cluster-scoped resource below a namespace, or a namespaced one by name without its namespace, is no path of the API.
    private static void CheckScope(ApiRequest request)
    {
        var info = request.Info;
        var below = info.Namespace.Length > 0 && request.Type != BuiltIn.Namespaces;
        if (below && !request.Type.Namespaced) throw Failures.UnknownPath();
        if (info.Name.Length > 0 && request.Type.Namespaced && !below) throw Failures.UnknownPath();
    }

    private static bool HasNamespace(ApiRequest request) => !request.Type.Namespaced || request.Info.Namespace.Length > 0;
}
