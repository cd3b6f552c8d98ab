using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Threading.Channels;
using ActorOrch.Registry.Clustering.Transports.Doors;
using ActorOrch.Registry.Timing;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorOrch.Registry.Clustering.Transports;

/// <summary>An authenticated connection between two processes. Reading begins when Akka.Remote listens; writes are queued, and sent in order.</summary>
internal sealed class TlsConnection : AssociationHandle
{
    private const int LengthBytes = 4;

    /// <summary>What is sent in one piece where more is waiting.</summary>
    private const int PieceBytes = 128 * 1024;

    /// <summary>A peer that takes nothing for so long that this much waits is not written to: Akka.Remote keeps what is left, and tries again.</summary>
    private const long MaxQueuedBytes = 32 << 20;

    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);

    private readonly SslStream _stream;
    private readonly Door _door;
    private readonly int _maximumFrameSize;
    private readonly ILoggingAdapter _log;
    private readonly Channel<ByteString> _outgoing = Channel.CreateUnbounded<ByteString>(new() { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly DeadlineTimer _flush;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _queued;
    private IHandleEventListener? _listener;

    public TlsConnection(Address local, Address remote, SslStream stream, Door door, int maximumFrameSize, TimeProvider time, ILoggingAdapter log)
        : base(local, remote)
    {
        _stream = stream;
        _door = door;
        _maximumFrameSize = maximumFrameSize;
        _flush = new(time, "closing a connection between processes", _closing.Cancel);
        _log = log;
        Unawaited.Observe("a connection between processes", RunAsync());
    }

    /// <summary>Completes when both directions have ended and the socket is closed.</summary>
    public Task Closed => _closed.Task;

    public override bool Write(ByteString payload)
    {
        // One at a time may exceed the bound, so that a large frame always goes into an empty queue.
        if (Interlocked.Read(ref _queued) > MaxQueuedBytes) return false;
        Interlocked.Add(ref _queued, LengthBytes + payload.Length);
        return _outgoing.Writer.TryWrite(payload);
    }

    [Obsolete("Overrides what Akka.Remote has marked so.")]
    public override void Disassociate() => Close();

    /// <summary>Sends what is queued, as long as that takes moments, and closes.</summary>
    public void Close()
    {
        if (_outgoing.Writer.TryComplete()) _flush.Set(FlushTime);
    }

    private async Task RunAsync()
    {
        var reading = GuardAsync(ReadAsync());
        var writing = GuardAsync(WriteAsync());
        // Whoever has nothing more to send or has gone is of no use any more.
        await Task.WhenAny(reading, writing).ConfigureAwait(false);
        Close();
        await writing.ConfigureAwait(false);
        await _flush.DisposeAsync().ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        _listener?.Notify(new Disassociated(DisassociateInfo.Unknown));
        _closed.SetResult();
    }

    private async Task GuardAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidDataException)
        {
            _log.Debug("The connection with {0} ends: {1}", RemoteAddress, e.Message);
        }
        catch (Exception e)
        {
            _log.Error(e, "The connection with {0} failed", RemoteAddress);
        }
    }

    private async Task ReadAsync()
    {
        _listener = await ReadHandlerSource.Task.WaitAsync(_closing.Token).ConfigureAwait(false);
        var length = new byte[LengthBytes];
        while (true)
        {
            if (await _stream.ReadAtLeastAsync(length, LengthBytes, throwOnEndOfStream: false, _closing.Token).ConfigureAwait(false) < LengthBytes) return;
            var size = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (size <= 0 || size > _maximumFrameSize) throw new InvalidDataException($"a frame of {size} bytes");
            var frame = new byte[size];
            await _stream.ReadExactlyAsync(frame, _closing.Token).ConfigureAwait(false);
            switch (_door.Judge(frame))
            {
                case Verdict.Enter:
                    _listener.Notify(new InboundPayload(UnsafeByteOperations.UnsafeWrap(frame)));
                    break;
                case Verdict.Disconnect:
                    return;
            }
        }
    }

    private async Task WriteAsync()
    {
        var piece = new ArrayBufferWriter<byte>(4096);
        var incoming = _outgoing.Reader;
        while (await incoming.WaitToReadAsync(_closing.Token).ConfigureAwait(false))
        {
            while (piece.WrittenCount < PieceBytes && incoming.TryRead(out var payload))
            {
                BinaryPrimitives.WriteInt32LittleEndian(piece.GetSpan(LengthBytes), payload.Length);
                piece.Advance(LengthBytes);
                piece.Write(payload.Span);
            }
            var sent = piece.WrittenCount;
            await _stream.WriteAsync(piece.WrittenMemory, _closing.Token).ConfigureAwait(false);
            Interlocked.Add(ref _queued, -sent);
            // A large frame's buffer is not kept for the small ones that follow.
            if (piece.Capacity > 4 * PieceBytes) piece = new(4096);
            else piece.ResetWrittenCount();
        }
        await _stream.ShutdownAsync().ConfigureAwait(false);
    }
}
