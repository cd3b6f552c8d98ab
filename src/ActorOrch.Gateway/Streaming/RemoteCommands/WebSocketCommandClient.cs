using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Streaming.WebSockets;

namespace ActorOrch.Gateway.Streaming.RemoteCommands;

/// <summary>Speaks <c>channel.k8s.io</c> in all its versions.</summary>
internal sealed class WebSocketCommandClient : IRemoteCommandClient
{
    private const int Stdin = 0;
    private const int Stdout = 1;
    private const int Stderr = 2;
    private const int Error = 3;
    private const int Resize = 4;

    private readonly ChannelProtocol _protocol;
    private readonly ChannelSocket _socket;
    private readonly Stream? _resize;

    private WebSocketCommandClient(WebSocket socket, ChannelProtocol protocol, RemoteCommandOptions options, CancellationToken cancel)
    {
        _protocol = protocol;
        _socket = new(socket, protocol, Inputs(options));
        _resize = options.Tty ? _socket.Input(Resize) : null;
        Streams = new(
            options.Stdin ? _socket.Input(Stdin) : null,
            options.Stdout ? _socket.Output(Stdout) : null,
            options.Stderr ? _socket.Output(Stderr) : null,
            options.Tty,
            _resize is null ? null : TerminalSizes.ReadAsync(_resize, cancel));
        Gone = _socket.RunAsync(cancel);
    }

    public CommandStreams Streams { get; }

    public Task Gone { get; }

    public static async Task<IRemoteCommandClient> OpenAsync(WebSocket socket, ChannelProtocol protocol, RemoteCommandOptions options, CancellationToken cancel)
    {
        var client = new WebSocketCommandClient(socket, protocol, options, cancel);
        // As upstream: an empty message tells that the connection stands. Who speaks version 5 does not wait for it, and complains of it where it
        // comes before its channels are set up.
        if (!protocol.HalfCloses)
            await client._socket.Output(options.Stdout ? Stdout : options.Stderr ? Stderr : Error).WriteAsync(default, cancel).ConfigureAwait(false);
        return client;
    }

    public async Task FinishAsync(JsonObject status, CancellationToken cancel)
    {
        Discard();
        var outcome = RemoteCommandStatus.Encode(status, _protocol.StructuredStatus);
        if (outcome.Length > 0) await _socket.Output(Error).WriteAsync(outcome, cancel).ConfigureAwait(false);
        await _socket.CloseAsync().ConfigureAwait(false);
        await Gone.WaitAsync(cancel).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Discard();
        await _socket.DisposeAsync().ConfigureAwait(false);
        await Gone.ConfigureAwait(false);
    }

    private void Discard()
    {
        Streams.Stdin?.Dispose();
        _resize?.Dispose();
    }

    private static IEnumerable<int> Inputs(RemoteCommandOptions options)
    {
        if (options.Stdin) yield return Stdin;
        if (options.Tty) yield return Resize;
    }
}
