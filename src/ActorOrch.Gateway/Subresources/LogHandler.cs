using System.Collections.Frozen;
using System.Net.WebSockets;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Streaming;
using ActorOrch.Gateway.Streaming.WebSockets;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Subresources;

/// <summary><c>pods/log</c>: the bytes come straight from the node's agent, as the answer's body or over a WebSocket.</summary>
/// <param name="stopping">Ends all follows when the server stops.</param>
internal sealed class LogHandler(IRegistry registry, INodeStreamsLocator nodes, TimeProvider time, CancellationToken stopping) : IConnectionHandler
{
    /// <summary>What a WebSocket can be asked to speak, and whether that is base64.</summary>
    private static readonly FrozenDictionary<string, bool> Protocols =
        new Dictionary<string, bool> { [""] = false, ["binary.k8s.io"] = false, ["base64.binary.k8s.io"] = true }.ToFrozenDictionary();

    public string Name => Connection.Log.Name;

    public async Task HandleAsync(ApiRequest request)
    {
        var query = LogQuery.Parse(request, time.GetUtcNow());
        var snapshot = await registry[request.Type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false);
        var pod = snapshot.Get(request.Key) ?? throw ApiException.NotFound(request.Type, request.Info.Name);
        var spec = Field.Root(pod.ToJson())["spec"];
        var container = PodContainer.Choose(pod.Key.Name, spec, query.Container);

        var node = spec["nodeName"].Text;
        // As upstream: a pod that runs nowhere yet has an empty log.
        var streams = node.Length == 0 ? null : nodes.Find(node) ?? throw ApiException.Unavailable($"the agent of node \"{node}\" cannot be reached");
        var asked = new PodLogRequest(pod.Key, pod.Uid, container, query.Previous, query.Follow, query.Timestamps, query.TailLines, query.Since, query.LimitBytes);
        if (WebSocketHandshake.IsAsked(request.Http.Request))
        {
            await SendAsync(request, streams, asked).ConfigureAwait(false);
            return;
        }
        var response = request.Http.Response;
        response.StatusCode = 200;
        response.ContentType = "text/plain";
        await CopyAsync(streams, asked, response.Body, request.Cancel).ConfigureAwait(false);
    }

    private async Task SendAsync(ApiRequest request, INodeStreams? streams, PodLogRequest asked)
    {
        var protocol = WebSocketHandshake.Negotiate(request.Http.Request, Protocols);
        using var socket = await WebSocketHandshake.AcceptAsync(request.Http, protocol).ConfigureAwait(false);
        await using var output = new OneWaySocket(socket, text: false, Protocols[protocol]);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel);
        var gone = output.DrainAsync(over.Token);
        var copying = CopyAsync(streams, asked, output, over.Token);
        try
        {
            if (await Task.WhenAny(copying, gone).ConfigureAwait(false) == gone) await over.CancelAsync().ConfigureAwait(false);
            await copying.ConfigureAwait(false);
        }
        catch (ApiException refusal)
        {
            // There is no answer any more whose status could say it.
            await output.CloseAsync(WebSocketCloseStatus.InternalServerError, refusal.Message).ConfigureAwait(false);
        }
        catch (Exception left) when (Disconnection.Is(left))
        {
            // The client has disconnected: there is no one to send anything to.
        }
        await output.DisposeAsync().ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await gone.ConfigureAwait(false);
    }

    private async Task CopyAsync(INodeStreams? streams, PodLogRequest asked, Stream output, CancellationToken cancel)
    {
        if (streams is null) return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel, stopping);
        try
        {
            await streams.CopyLogsAsync(asked, output, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops: what was sent is whole, there is only no more of it.
        }
    }
}
