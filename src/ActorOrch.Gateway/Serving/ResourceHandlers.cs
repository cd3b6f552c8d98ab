using ActorOrch.Gateway.Answering;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Proxying;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Streaming.PortForwarding;
using ActorOrch.Gateway.Streaming.RemoteCommands;
using ActorOrch.Gateway.Subresources;
using ActorOrch.Gateway.Watching;
using ActorOrch.Gateway.Writing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Serving;

/// <summary>From a resource and a verb to the handler.</summary>
internal sealed class ResourceHandlers : IDisposable
{
    private readonly GetHandler _get;
    private readonly ListHandler _list;
    private readonly WatchHandler _watch;
    private readonly WriteHandler _write;
    private readonly DeleteHandler _delete;
    private readonly SubresourceHandlers _subresources;
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
        _proxy = new(registry, options.Random, stopping);
        _subresources = new(
            options,
            [
                new LogHandler(registry, options.NodeStreams, options.Time, stopping),
                RemoteCommandHandler.Exec(registry, options.NodeStreams, options.Time, stopping),
                RemoteCommandHandler.Attach(registry, options.NodeStreams, options.Time, stopping),
                new PortForwardHandler(registry, options.NodeStreams, options.Time, stopping),
                _proxy,
            ],
            _get, _write);
        _answers = new(options.Api, answered, options.Time);
    }

    public Task HandleAsync(ApiRequest request)
    {
        CheckScope(request);
        return request.Info.Subresource.Length == 0 ? MainAsync(request) : _subresources.HandleAsync(request);
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

    public void Dispose() => _proxy.Dispose();

    // A cluster-scoped resource below a namespace, or a namespaced one by name without its namespace, is no path of the API.
    private static void CheckScope(ApiRequest request)
    {
        var info = request.Info;
        var below = info.Namespace.Length > 0 && !request.Type.IsNamespace;
        if (below && !request.Type.Namespaced) throw Failures.UnknownPath();
        if (info.Name.Length > 0 && request.Type.Namespaced && !below) throw Failures.UnknownPath();
    }

    private static bool HasNamespace(ApiRequest request) => !request.Type.Namespaced || request.Info.Namespace.Length > 0;
}
