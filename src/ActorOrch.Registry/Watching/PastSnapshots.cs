namespace ActorOrch.Registry;

/// <summary>
/// Snapshots of the past that were asked for lately, for the next page of the same list. Who asks for one that is just being rebuilt waits
/// for it; one that nobody asks for any more is let go of.
/// </summary>
internal sealed class PastSnapshots(TimeProvider time)
{
    private const int Most = 4;

    /// <summary>How long a snapshot outlives its last use, at least.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private ITimer? _sweep;

    private sealed class Entry(long revision, Task<Snapshot?> snapshot)
    {
        public long Revision { get; } = revision;
        public Task<Snapshot?> Snapshot { get; } = snapshot;
        public long LastUsed { get; set; }
    }

    /// <summary>The snapshot of a revision; null where <paramref name="rebuild"/> finds it gone.</summary>
    public Task<Snapshot?> GetAsync(long revision, Func<long, Task<Snapshot?>> rebuild)
    {
        lock (_gate)
        {
            _entries.RemoveAll(e => e.Snapshot.IsCompleted && (!e.Snapshot.IsCompletedSuccessfully || e.Snapshot.Result is null));
            var entry = _entries.Find(e => e.Revision == revision);
            if (entry is null)
            {
                if (_entries.Count == Most) _entries.Remove(_entries.MinBy(e => e.LastUsed)!);
                _entries.Add(entry = new(revision, rebuild(revision)));
            }
            entry.LastUsed = time.GetTimestamp();
            _sweep ??= time.CreateTimer(_ => Sweep(), null, Idle, Idle);
            return entry.Snapshot;
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            _entries.RemoveAll(e => e.Snapshot.IsCompleted && time.GetElapsedTime(e.LastUsed) >= Idle);
            if (_entries.Count > 0) return;
            _sweep?.Dispose();
            _sweep = null;
        }
    }
}
