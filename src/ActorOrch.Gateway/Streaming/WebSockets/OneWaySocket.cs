using System.Net.WebSockets;
using System.Text;

namespace ActorOrch.Gateway.Streaming.WebSockets;

/// <summary>A WebSocket on which the server alone speaks, each write a message. What the client sends is ignored, until it disconnects.</summary>
/// <param name="text">Messages are text as it is.</param>
/// <param name="base64">Messages are text, of bytes in base64.</param>
internal sealed class OneWaySocket(WebSocket socket, bool text, bool base64 = false) : WriteOnlyStream
{
    private const int BufferBytes = 1024;
    private const int MostWhyBytes = 123;

    /// <summary>Reads over what the client sends; ends when it closes the connection or has disconnected.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), cancel).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
            {
                // Nothing that it says is asked for.
            }
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // It says no more.
        }
    }

    /// <summary>Throws <see cref="IOException"/> where the client no longer listens.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0) return;
        cancellationToken.ThrowIfCancellationRequested();
        var message = base64 ? Encoding.ASCII.GetBytes(Convert.ToBase64String(buffer.Span)) : buffer;
        try
        {
            // A send that is given up closes the socket without a goodbye.
            await socket.SendAsync(message, text || base64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            throw Disconnection.Of(gone);
        }
    }

    /// <summary>Says that no more is to come, to whoever is still there.</summary>
    public override ValueTask DisposeAsync() => CloseAsync(WebSocketCloseStatus.NormalClosure, "");

    /// <param name="why">As much of it as a goodbye has room for.</param>
    public async ValueTask CloseAsync(WebSocketCloseStatus status, string why)
    {
        while (Encoding.UTF8.GetByteCount(why) > MostWhyBytes) why = why[..^1];
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(status, why, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // No one is.
        }
    }
}
