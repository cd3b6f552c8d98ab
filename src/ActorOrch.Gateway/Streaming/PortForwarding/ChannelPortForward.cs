using System.Buffers.Binary;
using System.Net.WebSockets;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Streaming.WebSockets;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Streaming.PortForwarding;

/// <summary>
/// Forwards one connection for each port that the URL names, over the channels of a WebSocket: 2n its data, 2n+1 a failure's text. The first
/// message of each channel is its port, 16 bits, little-endian.
/// </summary>
internal static class ChannelPortForward
{
    private const int MaxPorts = 127;

    /// <summary>The ports of the query. Throws 400 where there are none or they are none.</summary>
    public static IReadOnlyList<int> Ports(ApiRequest request)
    {
        var ports = request.Http.Request.Query["ports"].OfType<string>().SelectMany(text => text.Split(',')).Select(Port).ToArray();
        return ports.Length switch
        {
            0 => throw ApiException.BadRequest("query parameter \"ports\" is required"),
            > MaxPorts => throw ApiException.BadRequest($"query parameter \"ports\" names {ports.Length} ports, expected at most {MaxPorts}"),
            _ => ports,
        };
    }

    /// <summary>Until all of the connections have ended or the client has disconnected.</summary>
    public static async Task RunAsync(WebSocket webSocket, ChannelProtocol protocol, IReadOnlyList<int> ports, PortForwarder forwarder, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var socket = new ChannelSocket(webSocket, protocol, Enumerable.Range(0, ports.Count).Select(n => 2 * n));
        var connections = new List<PortForwardStreams>();
        for (var n = 0; n < ports.Count; n++) connections.Add(await OpenAsync(socket, n, ports[n], cancel).ConfigureAwait(false));
        var gone = socket.RunAsync(over.Token);
        var forwarding = Task.WhenAll(connections.Select(connection => forwarder.RunAsync(connection, over.Token)));
        if (await Task.WhenAny(forwarding, gone).ConfigureAwait(false) == forwarding) await socket.CloseAsync().ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(gone, forwarding).ConfigureAwait(false);
    }

    private static async Task<PortForwardStreams> OpenAsync(ChannelSocket socket, int n, int port, CancellationToken cancel)
    {
        var (data, error) = (socket.Output(2 * n), socket.Output(2 * n + 1));
        var greeting = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(greeting, (ushort)port);
        await data.WriteAsync(greeting, cancel).ConfigureAwait(false);
        await error.WriteAsync(greeting, cancel).ConfigureAwait(false);
        return new(port, socket.Input(2 * n), new EndingOutput(data, () => socket.Interrupt(2 * n)), error);
    }

    private static int Port(string text)
    {
        if (text.Length == 0) throw ApiException.BadRequest("query parameter \"ports\" cannot be empty");
        var (port, complaint) = QueryNumber.Unsigned(text, ushort.MaxValue);
        if (complaint is not null) throw ApiException.BadRequest($"unable to parse \"{text}\" as a port: {complaint}");
        return port > 0 ? (int)port : throw ApiException.BadRequest($"port \"{text}\" must be > 0");
    }

    /// <summary>Neither half of a channel can be closed alone: where the pod has sent all, no one waits for more from the client.</summary>
    private sealed class EndingOutput(Stream output, Action interruptInput) : WriteOnlyStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => output.WriteAsync(buffer, cancellationToken);

        public override ValueTask DisposeAsync()
        {
            interruptInput();
            return ValueTask.CompletedTask;
        }
    }
}
