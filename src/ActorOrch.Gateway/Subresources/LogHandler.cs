using ActorOrch.Controllers.Nodes;
using ActorOrch.Registry;
using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary><c>pods/log</c>: the bytes come straight from the node's agent.</summary>
/// <param name="stopping">Ends all follows when the server stops.</param>
internal sealed class LogHandler(IRegistry registry, INodeStreamsLocator nodes, TimeProvider time, CancellationToken stopping)
{
    public async Task HandleAsync(ApiRequest request)
    {
        var query = LogQuery.Parse(request, time.GetUtcNow());
        var snapshot = await registry[request.Type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false);
        var pod = snapshot.Get(request.Key) ?? throw ApiException.NotFound(request.Type, request.Info.Name);
        var spec = Field.Root(pod.ToJson())["spec"];
        var container = PodContainer.Choose(pod.Key.Name, spec, query.Container);

        var response = request.Http.Response;
        response.StatusCode = 200;
        response.ContentType = "text/plain";
        var node = spec["nodeName"].Text;
        // As upstream: a pod that runs nowhere yet has an empty log.
        if (node.Length == 0) return;
        var streams = nodes.Find(node) ?? throw ApiException.Unavailable($"the agent of node \"{node}\" cannot be reached");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel, stopping);
        try
        {
            await streams.CopyLogsAsync(
                new(pod.Key, pod.Uid, container, query.Previous, query.Follow, query.Timestamps, query.TailLines, query.Since, query.LimitBytes),
                response.Body, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops: what was sent is whole, there is only no more of it.
        }
    }
}
