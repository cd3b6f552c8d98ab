using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace ActorOrch.Gateway.Streaming.WebSockets;

/// <summary>
/// The channels of one WebSocket. <see cref="RunAsync"/> reads until the client has disconnected; a channel whose reader does not keep up holds it back.
/// </summary>
internal sealed class ChannelSocket : IAsyncDisposable
{
    private const int BufferBytes = 32 * 1024;
    private const byte FirstDigit = (byte)'0';

    private readonly WebSocket _socket;
    private readonly ChannelProtocol _protocol;
    private readonly Dictionary<int, Pipe> _inputs;
    private readonly SemaphoreSlim _writing = new(1);

    /// <param name="inputs">The channels that the client may write to.</param>
    public ChannelSocket(WebSocket socket, ChannelProtocol protocol, IEnumerable<int> inputs)
    {
        _socket = socket;
        _protocol = protocol;
        _inputs = inputs.ToDictionary(channel => channel, _ => new Pipe());
    }

    /// <summary>What the client sends on a channel. Reads fail with <see cref="IOException"/> where it disconnects. Disposed, the rest is read over.</summary>
    public Stream Input(int channel) => _inputs[channel].Reader.AsStream();

    /// <summary>Cancels the read under way on a channel, or the next.</summary>
    public void Interrupt(int channel) => _inputs[channel].Reader.CancelPendingRead();

    /// <summary>Each write is a message. Writes fail with <see cref="IOException"/> where the client has disconnected; a disposal says nothing to it.</summary>
    public Stream Output(int channel) => new ChannelOutput(this, (byte)channel);

    /// <summary>Reads until the client closes the connection.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var message = new ChannelMessage(_protocol);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), cancel).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close) return;
                await DeliverAsync(message, message.Read(buffer.AsMemory(0, received.Count), received.EndOfMessage), cancel).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // There is no more to read.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            foreach (var input in _inputs.Values) await input.Writer.CompleteAsync(new IOException("the client has disconnected")).ConfigureAwait(false);
        }
    }

    /// <summary>Says that no more is to come, to whoever is still there.</summary>
    public async Task CloseAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // No one is.
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Answers a client's goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.CloseReceived) await CloseAsync().ConfigureAwait(false);
        _socket.Dispose();
        _writing.Dispose();
    }

    private async ValueTask DeliverAsync(ChannelMessage message, ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        if (message.Ends is { } ended)
        {
            if (_inputs.Remove(ended, out var over)) await over.Writer.CompleteAsync().ConfigureAwait(false);
            return;
        }
        // Upstream reads over what comes on a channel that it does not know.
        if (data.Length > 0 && message.Channel is { } channel && _inputs.TryGetValue(channel, out var input))
            await input.Writer.WriteAsync(data, cancel).ConfigureAwait(false);
    }

    private async ValueTask SendAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(1 + (_protocol.Base64 ? Base64.GetMaxEncodedToUtf8Length(data.Length) : data.Length));
        try
        {
            var message = buffer.AsMemory(0, Encode(channel, data.Span, buffer));
            // A send that is given up closes the socket: only the wait for one's turn can be.
            await _socket.SendAsync(message, _protocol.Base64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            throw Disconnection.Of(gone);
        }
        finally
        {
            _writing.Release();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Encode(byte channel, ReadOnlySpan<byte> data, Span<byte> message)
    {
        if (_protocol.Base64)
        {
            message[0] = (byte)(FirstDigit + channel);
            Base64.EncodeToUtf8(data, message[1..], out _, out var written);
            return 1 + written;
        }
        message[0] = channel;
        data.CopyTo(message[1..]);
        return 1 + data.Length;
    }

    private sealed class ChannelOutput(ChannelSocket socket, byte channel) : WriteOnlyStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            socket.SendAsync(channel, buffer, cancellationToken);

        /// <summary>The protocol has no message for it.</summary>
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
