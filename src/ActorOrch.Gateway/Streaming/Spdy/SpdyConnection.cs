using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>
/// The server's end of a SPDY/3.1 connection, over any duplex stream. <see cref="RunAsync"/> reads until the client has disconnected; a stream whose
/// reader does not keep up holds it back, and with it all the others.
/// </summary>
internal sealed class SpdyConnection(Stream transport) : IAsyncDisposable
{
    private const int MaxControlFrameBytes = 64 * 1024;
    private const int MaxDataFrameBytes = 32 * 1024;
    private const int GrantBytes = SpdySendWindow.Default / 2;

    // A thousand forwarded connections at once, of two streams each.
    private const int MaxStreams = 2048;

    // Opened, and looked at by nobody yet.
    private const int MaxUnaccepted = 64;

    // Who is refused so often does not mean to be served.
    private const int MaxRefused = 1000;

    // Each may cost a look at all streams.
    private const int MaxSettings = 100;

    private readonly PipeReader _input = PipeReader.Create(transport, new(bufferSize: MaxDataFrameBytes, leaveOpen: true));
    private readonly PipeWriter _output = PipeWriter.Create(transport, new(leaveOpen: true));
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SpdyHeaderInflater _inflater = new();
    private readonly SpdyHeaderDeflater _deflater = new();
    private readonly SpdySendWindow _window = new(SpdySendWindow.Default);
    private readonly ConcurrentDictionary<int, SpdyStream> _streams = new();
    private readonly Channel<SpdyStream> _opened = Channel.CreateBounded<SpdyStream>(new BoundedChannelOptions(MaxUnaccepted) { SingleReader = true });
    private readonly CancellationTokenSource _disposed = new();
    private Task _running = Task.CompletedTask;
    private int _lastStreamId;
    private int _initialWindow = SpdySendWindow.Default;
    private int _ungranted;
    private int _refused;
    private int _settings;
    private volatile bool _complete;
    private bool _bounded;

    /// <summary>Streams as the client opens them, to be accepted or reset. Ends with the connection.</summary>
    public ChannelReader<SpdyStream> Opened => _opened.Reader;

    /// <summary>No more streams are wanted: all that are opened from here on are refused.</summary>
    public void Complete() => _complete = true;

    /// <summary>Reads until the client closes the connection, or it is disposed. What the client breaks is answered with GOAWAY.</summary>
    public Task RunAsync(CancellationToken cancel) => _running = ReadAsync(cancel);

    private async Task ReadAsync(CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel, _disposed.Token);
        try
        {
            while (await ReadFrameAsync(ended.Token).ConfigureAwait(false)) ;
        }
        catch (SpdyException)
        {
            await GoAwayAsync(SpdyStatus.ProtocolError).ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // There is no more to read.
        }
        finally
        {
            _opened.Writer.TryComplete();
            _window.Close();
            foreach (var stream in _streams.Values) stream.Broken(new("the client has disconnected"));
        }
    }

    /// <summary>Says that no more is to come, to whoever is still there.</summary>
    /// <param name="status">Null: as agreed.</param>
    public async Task GoAwayAsync(SpdyStatus? status = null)
    {
        try
        {
            await WriteAsync(new SpdyControlFrame.GoAway(_lastStreamId, status ?? 0), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // No one is.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _disposed.Dispose();
        await _input.CompleteAsync().ConfigureAwait(false);
        await _output.CompleteAsync().ConfigureAwait(false);
        _inflater.Dispose();
        _deflater.Dispose();
        _writing.Dispose();
    }

    internal Task ReplyAsync(SpdyStream stream, CancellationToken cancel) =>
        WriteAsync(() => new SpdyControlFrame.SynReply(stream.Id, Fin: false, _deflater.Deflate(new Dictionary<string, string>())), cancel);

    internal Task ResetAsync(int streamId, SpdyStatus status, CancellationToken cancel) =>
        WriteAsync(new SpdyControlFrame.RstStream(streamId, status), cancel);

    internal void Forget(SpdyStream stream) => _streams.TryRemove(stream.Id, out _);

    /// <summary>Sends as much as one frame and the client's windows take; how much that was.</summary>
    internal async ValueTask<int> SendAsync(SpdyStream stream, ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        var allowed = await stream.Window.TakeAsync(Math.Min(data.Length, MaxDataFrameBytes), cancel).ConfigureAwait(false);
        var count = await _window.TakeAsync(allowed, cancel).ConfigureAwait(false);
        if (count < allowed) stream.Window.Grant(allowed - count);
        await WriteDataAsync(stream.Id, data[..count], fin: false, cancel).ConfigureAwait(false);
        return count;
    }

    internal Task SendEndAsync(SpdyStream stream) => WriteDataAsync(stream.Id, default, fin: true, CancellationToken.None);

    private async Task<bool> ReadFrameAsync(CancellationToken cancel)
    {
        var read = await _input.ReadAtLeastAsync(SpdyFrameHeader.Bytes, cancel).ConfigureAwait(false);
        if (read.Buffer.Length < SpdyFrameHeader.Bytes) return false;
        var header = ParseHeader(read.Buffer);
        _input.AdvanceTo(read.Buffer.GetPosition(SpdyFrameHeader.Bytes));
        return header.Type is null
            ? await ReadDataAsync(header, cancel).ConfigureAwait(false)
            : await ReadControlAsync(header, cancel).ConfigureAwait(false);
    }

    private static SpdyFrameHeader ParseHeader(ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[SpdyFrameHeader.Bytes];
        buffer.Slice(0, SpdyFrameHeader.Bytes).CopyTo(bytes);
        return SpdyFrameHeader.Parse(bytes);
    }

    /// <summary>Passes a data frame on piece by piece: it may be of 16 MB.</summary>
    private async Task<bool> ReadDataAsync(SpdyFrameHeader header, CancellationToken cancel)
    {
        var stream = _streams.GetValueOrDefault(header.StreamId);
        for (var left = header.Length; left > 0;)
        {
            var read = await _input.ReadAsync(cancel).ConfigureAwait(false);
            if (read.Buffer.IsEmpty && read.IsCompleted) return false;
            var piece = read.Buffer.Slice(0, Math.Min(left, read.Buffer.Length));
            if (stream is not null)
                foreach (var segment in piece) await stream.ReceiveAsync(segment, cancel).ConfigureAwait(false);
            left -= (int)piece.Length;
            _input.AdvanceTo(piece.End);
        }
        await GrantAsync(stream, header.Length, cancel).ConfigureAwait(false);
        if (stream is not null && (header.Flags & SpdyFrameHeader.Fin) != 0) stream.ReceiveEnd();
        return true;
    }

    /// <summary>Whoever does mind windows gets back what the readers have taken.</summary>
    private async ValueTask GrantAsync(SpdyStream? stream, int count, CancellationToken cancel)
    {
        if (stream is not null && (stream.Ungranted += count) >= GrantBytes)
        {
            await WriteAsync(new SpdyControlFrame.WindowUpdate(stream.Id, stream.Ungranted), cancel).ConfigureAwait(false);
            stream.Ungranted = 0;
        }
        if ((_ungranted += count) < GrantBytes) return;
        await WriteAsync(new SpdyControlFrame.WindowUpdate(0, _ungranted), cancel).ConfigureAwait(false);
        _ungranted = 0;
    }

    private async Task<bool> ReadControlAsync(SpdyFrameHeader header, CancellationToken cancel)
    {
        if (header.Length > MaxControlFrameBytes) throw new SpdyException($"a {header.Type} frame of {header.Length} bytes, expected at most {MaxControlFrameBytes}");
        if (header.Length == 0)
        {
            await HandleAsync(SpdyControlFrame.Parse(header, default), cancel).ConfigureAwait(false);
            return true;
        }
        var read = await _input.ReadAtLeastAsync(header.Length, cancel).ConfigureAwait(false);
        if (read.Buffer.Length < header.Length) return false;
        var payload = read.Buffer.Slice(0, header.Length).ToArray();
        _input.AdvanceTo(read.Buffer.GetPosition(header.Length));
        await HandleAsync(SpdyControlFrame.Parse(header, payload), cancel).ConfigureAwait(false);
        return true;
    }

    private async ValueTask HandleAsync(SpdyControlFrame frame, CancellationToken cancel)
    {
        switch (frame)
        {
            case SpdyControlFrame.SynStream opened:
                await OpenAsync(opened, cancel).ConfigureAwait(false);
                break;
            case SpdyControlFrame.RstStream reset:
                _streams.GetValueOrDefault(reset.StreamId)?.Broken(new("the client has reset the stream"));
                break;
            case SpdyControlFrame.Ping { Id: var id } ping when (id & 1) == 1:
                await WriteAsync(ping, cancel).ConfigureAwait(false);
                break;
            case SpdyControlFrame.Headers headers:
                // They mean nothing here, but all that follow are compressed after them.
                _inflater.Inflate(headers.HeaderBlock);
                if (headers.Fin) _streams.GetValueOrDefault(headers.StreamId)?.ReceiveEnd();
                break;
            case SpdyControlFrame.SynReply reply:
                _inflater.Inflate(reply.HeaderBlock);
                break;
            case SpdyControlFrame.Settings { InitialWindow: { } window }:
                Resize(window);
                break;
            case SpdyControlFrame.WindowUpdate update:
                BoundAll();
                if (update.StreamId == 0) _window.Grant(update.Delta);
                else _streams.GetValueOrDefault(update.StreamId)?.Window.Grant(update.Delta);
                break;
        }
    }

    private async Task OpenAsync(SpdyControlFrame.SynStream frame, CancellationToken cancel)
    {
        var headers = SpdyHeaderBlock.Decode(_inflater.Inflate(frame.HeaderBlock));
        if (frame.StreamId <= _lastStreamId || (frame.StreamId & 1) == 0)
            throw new SpdyException($"stream {frame.StreamId} opened after {_lastStreamId}: a client's are odd and increase");
        _lastStreamId = frame.StreamId;
        if (_complete || _streams.Count >= MaxStreams)
        {
            await RefuseAsync(frame.StreamId, cancel).ConfigureAwait(false);
            return;
        }
        var stream = new SpdyStream(this, frame.StreamId, headers, _initialWindow);
        if (_bounded) stream.Window.Bound();
        _streams[frame.StreamId] = stream;
        if (frame.Fin) stream.ReceiveEnd();
        // Those that wait to be accepted are counted by nothing else once the client has reset them: it waits until there is room.
        await _opened.Writer.WriteAsync(stream, cancel).ConfigureAwait(false);
    }

    private Task RefuseAsync(int streamId, CancellationToken cancel) => ++_refused <= MaxRefused
        ? ResetAsync(streamId, SpdyStatus.RefusedStream, cancel)
        : throw new SpdyException($"more than {MaxRefused} streams were refused");

    private void BoundAll()
    {
        if (_bounded) return;
        _bounded = true;
        _window.Bound();
        foreach (var stream in _streams.Values) stream.Window.Bound();
    }

    private void Resize(int window)
    {
        if (++_settings > MaxSettings) throw new SpdyException($"more than {MaxSettings} SETTINGS frames");
        BoundAll();
        foreach (var stream in _streams.Values) stream.Window.Grant(window - _initialWindow);
        _initialWindow = window;
    }

    private Task WriteAsync(SpdyControlFrame frame, CancellationToken cancel) => WriteAsync(() => frame, cancel);

    /// <param name="frame">Made in the order in which it is sent, as compression must be.</param>
    private async Task WriteAsync(Func<SpdyControlFrame> frame, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            frame().Write(_output);
            await FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task WriteDataAsync(int streamId, ReadOnlyMemory<byte> data, bool fin, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            WriteData(streamId, data.Span, fin);
            await FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Half a frame would be the end of all streams: only the wait for one's turn can be given up.</summary>
    private async Task FlushAsync()
    {
        try
        {
            await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            throw Disconnection.Of(gone);
        }
    }

    private void WriteData(int streamId, ReadOnlySpan<byte> data, bool fin)
    {
        var frame = _output.GetSpan(SpdyFrameHeader.Bytes + data.Length);
        new SpdyFrameHeader(null, streamId, fin ? SpdyFrameHeader.Fin : (byte)0, data.Length).Write(frame);
        data.CopyTo(frame[SpdyFrameHeader.Bytes..]);
        _output.Advance(SpdyFrameHeader.Bytes + data.Length);
    }
}
