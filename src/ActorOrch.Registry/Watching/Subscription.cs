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
        try
        {
            if (changes is null) observer.OnReset(view.Snapshot);
            else observer.OnChanges(changes, view.Snapshot);
        }
        catch (Exception failure)
        {
            // The observer is foreign code that broke its promise; the collection and its other observers must not suffer.
            mirror.ReportFailure(observer, failure);
            Dispose();
        }
    }
}
