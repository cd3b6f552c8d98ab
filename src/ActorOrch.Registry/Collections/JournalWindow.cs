using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Watching;

namespace ActorOrch.Registry.Collections;

/// <summary>
/// The latest commits of the journal, as far back as the history in memory reaches. A checkpoint is taken where that begins and not at the
/// latest commit: a recovery, which loads the newest checkpoint and replays what follows, then has the history in memory again, and whoever
/// was watching goes on from there.
/// </summary>
internal sealed class JournalWindow(CompactionLimits limits)
{
    private readonly Queue<JournalPosition> _commits = new();
    private JournalPosition _retired;
    private long _retiredCommits, _retiredBytes, _liveBytes, _checkpointed;

    /// <summary>What a checkpoint brought.</summary>
    public void Restore(Snapshot snapshot, Checkpoint checkpoint)
    {
        foreach (var (_, obj) in snapshot.Objects) _liveBytes += obj.Json.Length;
        _checkpointed = checkpoint.SequenceNumber;
    }

    public void Add(IReadOnlyList<Change> changes, long sequenceNumber, long committedAtMilliseconds)
    {
        var bytes = 0L;
        foreach (var change in changes)
        {
            bytes += change.Object.Json.Length;
            if (change.Kind != ChangeKind.Deleted) _liveBytes += change.Object.Json.Length;
            _liveBytes -= change.Previous?.Json.Length ?? 0;
        }
        _commits.Enqueue(new(changes[^1].Revision, sequenceNumber, committedAtMilliseconds, bytes));
    }

    /// <summary>
    /// Where the next checkpoint should be taken: the end of the oldest commit that the history in memory can be taken back to. Null while
    /// that is not worth it: a checkpoint costs as much as all live objects, so as much has to have been written since the last.
    /// </summary>
    public JournalPosition? Due(History history, int liveObjects)
    {
        while (_commits.TryPeek(out var oldest) && oldest.Revision < history.StartsAfter) Retire();
        var worthIt = _retiredCommits >= Math.Max(limits.Commits, liveObjects) || _retiredBytes >= Math.Max(limits.Bytes, _liveBytes);
        return worthIt ? Take(history) : null;
    }

    /// <summary>Where a checkpoint has to be taken because commits have come of age since the last. Null where none has.</summary>
    /// <param name="expiredMilliseconds">What was committed up to then is to go.</param>
    public JournalPosition? DueByAge(History history, long expiredMilliseconds)
    {
        while (_commits.TryPeek(out var oldest) && (oldest.Revision < history.StartsAfter || oldest.CommittedAtMilliseconds <= expiredMilliseconds)) Retire();
        return _retiredCommits > 0 && _retired.CommittedAtMilliseconds <= expiredMilliseconds ? Take(history) : null;
    }

    private void Retire()
    {
        _retired = _commits.Dequeue();
        _retiredCommits++;
        _retiredBytes += _retired.Bytes;
    }

    private JournalPosition? Take(History history)
    {
        var position = _retired;
        if (position.Revision < history.StartsAfter && !_commits.TryPeek(out position)) return null;
        if (position.SequenceNumber <= _checkpointed) return null;
        _checkpointed = position.SequenceNumber;
        _retiredCommits = 0;
        _retiredBytes = 0;
        return position;
    }
}

/// <summary>A commit in the journal.</summary>
/// <param name="Revision">Of its last change.</param>
/// <param name="CommittedAtMilliseconds">Unix time.</param>
/// <param name="Bytes">Of the versions it made.</param>
internal readonly record struct JournalPosition(long Revision, long SequenceNumber, long CommittedAtMilliseconds, long Bytes);

/// <summary>What must have been written since one checkpoint before the next is taken, at least; whichever comes first.</summary>
public readonly record struct CompactionLimits(long Commits, long Bytes);
