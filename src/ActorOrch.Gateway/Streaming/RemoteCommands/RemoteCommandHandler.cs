using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Streaming.Spdy;
using ActorOrch.Gateway.Streaming.WebSockets;
using ActorOrch.Gateway.Subresources;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Streaming.RemoteCommands;

/// <summary><c>pods/exec</c> and <c>pods/attach</c>: a process's streams, straight between the client and the node's agent.</summary>
/// <param name="commandOf">What is run; null: nothing new, the client gets what the container runs already.</param>
/// <param name="stopping">Ends all of them when the server stops.</param>
internal sealed class RemoteCommandHandler(
    string name, Func<ApiRequest, string[]>? commandOf, IRegistry registry, INodeStreamsLocator nodes, TimeProvider time, CancellationToken stopping) : IConnectionHandler
{
    /// <summary>For the client to open its streams, as upstream's.</summary>
    private static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(30);

    /// <summary>For the client to close the connection once it knows the outcome.</summary>
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(5);

    public static RemoteCommandHandler Exec(IRegistry registry, INodeStreamsLocator nodes, TimeProvider time, CancellationToken stopping) =>
        new(Connection.Exec.Name, request => request.Http.Request.Query["command"].OfType<string>().ToArray(), registry, nodes, time, stopping);

    public static RemoteCommandHandler Attach(IRegistry registry, INodeStreamsLocator nodes, TimeProvider time, CancellationToken stopping) =>
        new(Connection.Attach.Name, null, registry, nodes, time, stopping);

    public string Name => name;

    public async Task HandleAsync(ApiRequest request)
    {
        var command = commandOf?.Invoke(request);
        var container = "";
        var target = await StreamTarget.FindAsync(
            request, registry, nodes, spec => container = PodContainer.Choose(request.Info.Name, spec, request.Query("container"))).ConfigureAwait(false);
        var http = request.Http;
        if (!WebSocketHandshake.IsAsked(http.Request) && !SpdyHandshake.IsAsked(http.Request)) throw Upgrades.Required();
        var options = RemoteCommandOptions.Read(request);
        if (command is []) throw ApiException.BadRequest("you must specify at least one command for the container");
        var process = await target.Node.FindCommandAsync(new(target.Key, target.Uid, container, command), request.Cancel).ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel, stopping);
        try
        {
            await using var client = await OpenAsync(request, options, over.Token).ConfigureAwait(false);
            if (await RunAsync(process, command, client, over).ConfigureAwait(false) is not { } status) return;
            using var goodbye = new Patience(GoodbyePatience, CancellationToken.None, time);
            await client.FinishAsync(status, goodbye.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (http.Response.HasStarted && Disconnection.Is(gone))
        {
            // The client has disconnected, or the server is stopping: there is no one to tell anything.
        }
    }

    private async Task<IRemoteCommandClient> OpenAsync(ApiRequest request, RemoteCommandOptions options, CancellationToken cancel)
    {
        var http = request.Http;
        if (WebSocketHandshake.IsAsked(http.Request))
        {
            var name = WebSocketHandshake.Negotiate(http.Request, ChannelProtocol.OfCommands);
            var socket = await WebSocketHandshake.AcceptAsync(http, name).ConfigureAwait(false);
            return await WebSocketCommandClient.OpenAsync(socket, ChannelProtocol.OfCommands[name], options, cancel).ConfigureAwait(false);
        }
        var protocol = SpdyHandshake.Negotiate(http, SpdyCommandProtocol.Names);
        var connection = await SpdyHandshake.AcceptAsync(http, protocol).ConfigureAwait(false);
        using var opening = new Patience(OpeningPatience, cancel, time);
        return await SpdyCommandClient.OpenAsync(connection, SpdyCommandProtocol.Of(protocol), options, opening.Token, cancel).ConfigureAwait(false);
    }

    /// <summary>The outcome; null where the client disconnected before.</summary>
    private static async Task<JsonObject?> RunAsync(IPodCommand process, string[]? command, IRemoteCommandClient client, CancellationTokenSource over)
    {
        var running = process.RunAsync(client.Streams, over.Token);
        if (await Task.WhenAny(running, client.Gone).ConfigureAwait(false) != running) await over.CancelAsync().ConfigureAwait(false);
        try
        {
            var exitCode = await running.ConfigureAwait(false);
            return command is null ? RemoteCommandStatus.Success() : RemoteCommandStatus.Exited(command, exitCode);
        }
        catch (PodStreamException failure)
        {
            return RemoteCommandStatus.Failed(command is null ? "error attaching to container" : "error executing command in container", failure.Message);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            return null;
        }
    }
}
