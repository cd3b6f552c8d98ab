using System.Threading.Channels;
using ActorOrch.Registry.Watching;

namespace ActorOrch.Gateway.Watching;

/// <summary>
/// Between a collection that publishes and a client that reads: bounded, so that a client that does not read costs no more than
/// <see cref="MostChanges"/> references and <see cref="MostBytes"/> before it is cut.
/// </summary>
/// <param name="onOverrun">Called once when the client is cut.</param>
internal sealed class WatchBacklog(int mostChanges, Action onOverrun, long mostBytes = WatchBacklog.MostBytes)
{
    /// <summary>The default bound, in changes.</summary>
    public const int MostChanges = 16 * 1024;

    /// <summary>The default bound of the objects of what waits, in bytes. One batch alone may be larger.</summary>
    public const long MostBytes = 16 * 1024 * 1024;

    private readonly Channel<WatchBatch> _batches = Channel.CreateUnbounded<WatchBatch>(new() { SingleReader = true });
    private int _waiting;
    private long _waitingBytes;
    private int _bounded;
    private int _overrun;

    public ChannelReader<WatchBatch> Batches => _batches.Reader;

    /// <summary>Whether the client was cut because it did not read.</summary>
    public bool Overrun => Volatile.Read(ref _overrun) == 1;

    /// <summary>Ends a phase in which history arrives at once and its length is no fault of the client's: the first one, unless another begins.</summary>
    public void Bound() => Volatile.Write(ref _bounded, 1);

    /// <summary>Begins such a phase.</summary>
    public void Unbound() => Volatile.Write(ref _bounded, 0);

    /// <summary>Puts what was committed behind what waits.</summary>
    public void Add(IReadOnlyList<Change> changes)
    {
        var waiting = Interlocked.Add(ref _waiting, changes.Count);
        var own = BytesOf(changes);
        var bytes = Interlocked.Add(ref _waitingBytes, own);
        if ((waiting > mostChanges || (bytes > mostBytes && bytes > own)) && Volatile.Read(ref _bounded) == 1)
        {
            if (Interlocked.Exchange(ref _overrun, 1) == 1) return;
            _batches.Writer.TryComplete();
            onOverrun();
            return;
        }
        _batches.Writer.TryWrite(new(WatchBatchKind.Changes, changes, changes[^1].Revision));
    }

    /// <summary>Tells that there are changes behind what waits that memory does not have.</summary>
    public void Lose() => _batches.Writer.TryWrite(WatchBatch.Reset);

    public void Post(WatchBatch batch) => _batches.Writer.TryWrite(batch);

    /// <summary>Tells that the changes of a batch have been handed to the connection.</summary>
    public void Written(IReadOnlyList<Change> changes)
    {
        Interlocked.Add(ref _waiting, -changes.Count);
        Interlocked.Add(ref _waitingBytes, -BytesOf(changes));
    }

    private static long BytesOf(IReadOnlyList<Change> changes)
    {
        var bytes = 0L;
        for (var i = 0; i < changes.Count; i++) bytes += changes[i].Object.Json.Length;
        return bytes;
    }
}
