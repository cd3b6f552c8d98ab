namespace ActorOrch.Registry;

/// <summary>
/// The commits in the journal since the stored snapshot. The snapshot is kept as far back as history reaches, so that a recovery, which
/// replays what follows on the snapshot, finds the history again; it moves on when enough has fallen out of the history's window.
/// </summary>
internal sealed class JournalWindow(CompactionLimits limits)
{
    private readonly Queue<Entry> _commits = new();
    private long _retiredCommits, _retiredBytes, _liveBytes;

    private readonly record struct Entry(long LastRevision, long SequenceNumber, long Bytes);

    /// <summary>Objects that a stored snapshot brought.</summary>
    public void Restore(Snapshot snapshot)
    {
        foreach (var (_, obj) in snapshot.Objects) _liveBytes += obj.Json.Length;
    }

    public void Add(IReadOnlyList<Change> changes, long sequenceNumber)
    {
        var bytes = 0L;
        foreach (var change in changes)
        {
            bytes += change.Object.Json.Length;
            if (change.Kind != ChangeKind.Deleted) _liveBytes += change.Object.Json.Length;
            _liveBytes -= change.Previous?.Json.Length ?? 0;
        }
        _commits.Enqueue(new(changes[^1].Revision, sequenceNumber, bytes));
    }

    /// <summary>
    /// Where the next snapshot should be taken: the end of the oldest commit that history can be taken back to. Null while that is not
    /// worth it: a snapshot costs as much as all live objects, so it has to save at least as much in the journal.
    /// </summary>
    public (long Revision, long SequenceNumber)? Due(History history, int liveObjects)
    {
        while (_commits.TryPeek(out var oldest) && oldest.LastRevision < history.StartsAfter)
        {
            _commits.Dequeue();
            _retiredCommits++;
            _retiredBytes += oldest.Bytes;
        }
        var worthIt = _retiredCommits >= Math.Max(limits.Commits, liveObjects) || _retiredBytes >= Math.Max(limits.Bytes, _liveBytes);
        if (!worthIt || !_commits.TryPeek(out var boundary)) return null;
        _retiredCommits = 0;
        _retiredBytes = 0;
        return (boundary.LastRevision, boundary.SequenceNumber);
    }
}

/// <summary>What must have left the history's window before the journal is cut, at least; whichever comes first.</summary>
public readonly record struct CompactionLimits(long Commits, long Bytes);
