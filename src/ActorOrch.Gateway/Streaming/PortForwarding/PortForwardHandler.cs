using System.Net.WebSockets;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Streaming.Spdy;
using ActorOrch.Gateway.Streaming.WebSockets;
using ActorOrch.Gateway.Subresources;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog.Subresources;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Streaming.PortForwarding;

/// <summary><c>pods/portforward</c>: connections to a pod's ports, straight between the client and the node's agent.</summary>
/// <param name="stopping">Ends all of them when the server stops.</param>
internal sealed class PortForwardHandler(IRegistry registry, INodeStreamsLocator nodes, TimeProvider time, CancellationToken stopping) : IConnectionHandler
{
    /// <summary>SPDY inside of a WebSocket: for paths on which nothing but HTTP and WebSockets gets through.</summary>
    private const string Tunnel = "SPDY/3.1+" + SpdyPortForward.Protocol;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    public string Name => Connection.PortForward.Name;

    public async Task HandleAsync(ApiRequest request)
    {
        var target = await StreamTarget.FindAsync(request, registry, nodes).ConfigureAwait(false);
        var http = request.Http;
        var webSocket = WebSocketHandshake.IsAsked(http.Request);
        if (!webSocket && !SpdyHandshake.IsAsked(http.Request)) throw Upgrades.Required();
        var ports = await target.Node.FindPortsAsync(target.Key, target.Uid, request.Cancel).ConfigureAwait(false);
        var forwarder = new PortForwarder(target.Key, target.Uid, ports);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel, stopping);
        try
        {
            if (!webSocket) await ForwardSpdyAsync(http, forwarder, over.Token).ConfigureAwait(false);
            else if (WebSocketHandshake.Offered(http.Request).Contains(Tunnel)) await ForwardTunnelAsync(http, forwarder, over.Token).ConfigureAwait(false);
            else await ForwardChannelsAsync(request, forwarder, over.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (http.Response.HasStarted && Disconnection.Is(gone))
        {
            // The client has disconnected, or the server is stopping: there is no one to tell anything.
        }
    }

    private async Task ForwardSpdyAsync(HttpContext http, PortForwarder forwarder, CancellationToken cancel)
    {
        var protocol = SpdyHandshake.Negotiate(http, [SpdyPortForward.Protocol]);
        await using var connection = await SpdyHandshake.AcceptAsync(http, protocol).ConfigureAwait(false);
        await new SpdyPortForward(connection, forwarder, time).RunAsync(cancel).ConfigureAwait(false);
    }

    private async Task ForwardTunnelAsync(HttpContext http, PortForwarder forwarder, CancellationToken cancel)
    {
        using var socket = await WebSocketHandshake.AcceptAsync(http, Tunnel).ConfigureAwait(false);
        await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, CloseTimeout);
        await using var connection = new SpdyConnection(stream);
        await new SpdyPortForward(connection, forwarder, time).RunAsync(cancel).ConfigureAwait(false);
    }

    private static async Task ForwardChannelsAsync(ApiRequest request, PortForwarder forwarder, CancellationToken cancel)
    {
        var ports = ChannelPortForward.Ports(request);
        var name = WebSocketHandshake.Negotiate(request.Http.Request, ChannelProtocol.OfPorts);
        var socket = await WebSocketHandshake.AcceptAsync(request.Http, name).ConfigureAwait(false);
        await ChannelPortForward.RunAsync(socket, ChannelProtocol.OfPorts[name], ports, forwarder, cancel).ConfigureAwait(false);
    }
}
