using System.Collections.Immutable;

namespace ActorOrch.Registry.Watching;

/// <summary>
/// The observers of a collection that may wait (<see cref="IChangeObserver.MayWait"/>), of which there may be ten thousand. A commit costs
/// its writer one work item for all of them. What is committed while they are being told goes to them together, in the next round.
/// </summary>
/// <remarks>
/// After a time of silence they are told at once. While commits follow each other, each round begins some moments after the one before:
/// telling a client costs the same for one change as for thirty, so that many clients would keep the processors from the writers. When
/// commits hold several changes, many are writing, and the rounds are further apart.
/// </remarks>
internal sealed class ObserverCrowd : IThreadPoolWorkItem
{
    /// <summary>Fewer are told without a wait.</summary>
    private const int Few = 32;

    private static readonly TimeSpan PerObserver = TimeSpan.FromMicroseconds(30);
    private static readonly TimeSpan PerObserverOfMany = TimeSpan.FromMicroseconds(300);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(30);

    // A timer of the runtime counts in milliseconds.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private ImmutableArray<Subscription> _all = [];
    private long _lastRound;
    private int _news;
    private volatile bool _manyWrite;

    public ObserverCrowd(TimeProvider time)
    {
        _time = time;
        _lastRound = time.GetTimestamp() - (long)(LongestWait.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(static self => ((ObserverCrowd)self!).TellAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(Subscription subscription) => ImmutableInterlocked.Update(ref _all, static (all, one) => all.Add(one), subscription);

    public void Remove(Subscription subscription) => ImmutableInterlocked.Update(ref _all, static (all, one) => all.Remove(one), subscription);

    /// <summary>Tells that there is news. Returns at once.</summary>
    /// <param name="changes">Of the commit.</param>
    public void Announce(int changes)
    {
        _manyWrite = changes > 1;
        if (_all.IsEmpty || Interlocked.Increment(ref _news) != 1) return;
        if (!Waits()) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => TellAll();

    // Runs once at a time: whoever takes _news from zero starts it, and it ends by taking _news back to zero or by setting the timer.
    private void TellAll()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _news);
            _lastRound = _time.GetTimestamp();
            foreach (var subscription in _all) subscription.Drain();
            if (Interlocked.Add(ref _news, -seen) == 0) return;
        }
        while (!Waits());
    }

    /// <summary>Whether the next round is left to the timer.</summary>
    private bool Waits()
    {
        var count = _all.Length;
        if (count < Few) return false;
        var apart = count * (_manyWrite ? PerObserverOfMany : PerObserver);
        var wait = (apart < LongestWait ? apart : LongestWait) - _time.GetElapsedTime(_lastRound);
        return wait >= ShortestWait && _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
