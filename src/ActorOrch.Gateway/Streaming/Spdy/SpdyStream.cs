using System.IO.Pipelines;

namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>
/// One stream of a connection, opened by the client. Each half ends by itself: the client's at the end of <see cref="Input"/>, ours when
/// <see cref="Output"/> is disposed.
/// </summary>
internal sealed class SpdyStream
{
    private readonly SpdyConnection _connection;
    private readonly Pipe _input = new();
    private bool _inputEnded;
    private bool _outputEnded;

    public SpdyStream(SpdyConnection connection, int id, IReadOnlyDictionary<string, string> headers, int sendWindow)
    {
        _connection = connection;
        Id = id;
        Headers = headers;
        Window = new(sendWindow);
        Input = _input.Reader.AsStream();
        Output = new SpdyOutput(this);
    }

    public int Id { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>What the client sends. Reads fail with <see cref="IOException"/> where it resets the stream or disconnects. Disposed, the rest is read over.</summary>
    public Stream Input { get; }

    /// <summary>What the client gets; a disposal ends our half. Writes fail with <see cref="IOException"/> where the client no longer listens.</summary>
    public Stream Output { get; }

    /// <summary>Whether neither half can be used any more.</summary>
    public bool IsOver => _inputEnded && _outputEnded;

    internal SpdySendWindow Window { get; }

    /// <summary>Received since the client was last granted more.</summary>
    internal int Ungranted { get; set; }

    /// <summary>Takes the stream: SYN_REPLY.</summary>
    public Task AcceptAsync(CancellationToken cancel) => _connection.ReplyAsync(this, cancel);

    /// <summary>Ends both halves at once: RST_STREAM.</summary>
    public Task ResetAsync(SpdyStatus status, CancellationToken cancel)
    {
        _inputEnded = _outputEnded = true;
        Window.Close();
        Input.Dispose();
        Forget();
        return _connection.ResetAsync(Id, status, cancel);
    }

    /// <summary>Waits while the reader has not kept up.</summary>
    internal async ValueTask ReceiveAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        if (!_inputEnded) await _input.Writer.WriteAsync(data, cancel).ConfigureAwait(false);
    }

    internal void ReceiveEnd()
    {
        if (_inputEnded) return;
        _inputEnded = true;
        _input.Writer.Complete();
        Forget();
    }

    /// <summary>The client has reset the stream or disconnected.</summary>
    internal void Broken(IOException why)
    {
        if (!_inputEnded) _input.Writer.Complete(why);
        _inputEnded = _outputEnded = true;
        Window.Close();
        Forget();
    }

    private void Forget()
    {
        if (_inputEnded && _outputEnded) _connection.Forget(this);
    }

    private sealed class SpdyOutput(SpdyStream stream) : WriteOnlyStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (buffer.Length > 0)
            {
                if (stream._outputEnded) throw new IOException("the client no longer listens");
                var sent = await stream._connection.SendAsync(stream, buffer, cancellationToken).ConfigureAwait(false);
                buffer = buffer[sent..];
            }
        }

        public override async ValueTask DisposeAsync()
        {
            if (stream._outputEnded) return;
            stream._outputEnded = true;
            await stream._connection.SendEndAsync(stream).ConfigureAwait(false);
            stream.Forget();
        }
    }
}
