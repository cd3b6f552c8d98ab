using ActorOrch.Registry.Timing;

namespace ActorOrch.Registry.Watching;

/// <summary>A few values by revision, each kept for as long as it is used and a minute more.</summary>
internal sealed class IdleCache<T>(TimeProvider time)
{
    private const int Most = 4;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private DeadlineTimer? _sweep;

    private sealed class Entry(long revision, T value)
    {
        public long Revision { get; } = revision;
        public T Value { get; } = value;
        public long LastUsed { get; set; }
    }

    /// <param name="make">Makes the value where there is none, or none that is worth keeping. Must not block.</param>
    public T GetOrAdd(long revision, Func<long, T> make, Predicate<T> worthKeeping)
    {
        lock (_gate)
        {
            _entries.RemoveAll(e => !worthKeeping(e.Value));
            return Use(_entries.Find(e => e.Revision == revision) ?? Add(revision, make(revision)));
        }
    }

    public void Put(long revision, T value)
    {
        lock (_gate)
        {
            _entries.RemoveAll(e => e.Revision == revision);
            Use(Add(revision, value));
        }
    }

    /// <summary>The value of the highest revision that is not above the one given and not below <paramref name="least"/>.</summary>
    public bool TryFindNearest(long revision, long least, out T value)
    {
        lock (_gate)
        {
            var nearest = _entries.Where(e => e.Revision <= revision && e.Revision >= least).MaxBy(e => e.Revision);
            value = nearest is null ? default! : Use(nearest);
            return nearest is not null;
        }
    }

    private Entry Add(long revision, T value)
    {
        if (_entries.Count == Most) _entries.Remove(_entries.MinBy(e => e.LastUsed)!);
        var entry = new Entry(revision, value);
        _entries.Add(entry);
        _sweep ??= DeadlineTimer.Every(time, Idle, "the sweep of a cache", Sweep);
        return entry;
    }

    private T Use(Entry entry)
    {
        entry.LastUsed = time.GetTimestamp();
        return entry.Value;
    }

    private void Sweep()
    {
        lock (_gate)
        {
            _entries.RemoveAll(e => time.GetElapsedTime(e.LastUsed) >= Idle);
            if (_entries.Count > 0) return;
            _sweep?.Dispose();
            _sweep = null;
        }
    }
}
