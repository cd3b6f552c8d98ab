using ActorOrch.Registry.Collections;

namespace ActorOrch.Registry.Watching;

/// <summary>
/// One observer's place in the changes. Whoever has news calls <see cref="Drain"/>; if another thread is delivering already, that
/// thread goes round once more. So the observer gets one call at a time, in order, and nobody waits.
/// </summary>
internal sealed class Subscription(Mirror mirror, long afterRevision, IChangeObserver observer) : IDisposable
{
    private long _delivered = afterRevision;
    private int _calls;
    private volatile bool _disposed;

    public bool MayWait { get; } = observer.MayWait;

    public void Drain()
    {
        if (Interlocked.Increment(ref _calls) != 1) return;
        int seen;
        do
        {
            seen = Volatile.Read(ref _calls);
            Deliver(mirror.View);
        }
        while (Interlocked.Add(ref _calls, -seen) != 0);
    }

    public void Dispose()
    {
        _disposed = true;
        mirror.Remove(this);
    }

    private void Deliver(CollectionView view)
    {
        if (_disposed || view.Version == _delivered) return;
        var changes = view.After(_delivered);
        _delivered = view.Version;
        // The observer is foreign code: where it breaks its promise, the collection and its other observers must not suffer.
        if (changes is not null && Told(changes, view.Snapshot)) return;
        try
        {
            observer.OnReset(view.Snapshot);
        }
        catch (Exception failure)
        {
            mirror.ReportFailure(observer, failure, ends: true);
            Dispose();
        }
    }

    private bool Told(IReadOnlyList<Change> changes, Snapshot after)
    {
        try
        {
            observer.OnChanges(changes, after);
            return true;
        }
        catch (Exception failure)
        {
            mirror.ReportFailure(observer, failure, ends: false);
            return false;
        }
    }
}
