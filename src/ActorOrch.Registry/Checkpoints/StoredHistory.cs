using System.Runtime.CompilerServices;
using ActorOrch.Resources;

namespace ActorOrch.Registry;

/// <summary>
/// A collection's past as the store has it: rebuilt from the newest checkpoint before the revision that is wanted and the commits behind it.
/// It costs as much as the journal between two checkpoints and one checkpoint at most, and what it brings shares with the present every
/// version that is still there.
/// </summary>
internal sealed class StoredHistory(ResourceType type, CheckpointStore checkpoints, JournalReader journal)
{
    /// <summary>Compaction may remove what a read is about to need; the read then begins anew with what is there.</summary>
    private const int MostAttempts = 3;

    /// <summary>Rebuilding a large collection takes memory for a moment: one at a time.</summary>
    private readonly SemaphoreSlim _rebuilding = new(1);

    /// <summary>A rebuilt collection, and the journal's event that holds the change after it.</summary>
    private readonly record struct Rebuilt(Snapshot Snapshot, long LastSequenceNumber);

    /// <summary>The collection at a revision before <paramref name="latest"/>'s; null where history has let go of it.</summary>
    public async Task<Snapshot?> AtAsync(long revision, Snapshot latest, CancellationToken cancel) =>
        (await TryRebuildAsync(revision, latest, cancel).ConfigureAwait(false))?.Snapshot;

    /// <summary>
    /// The changes after a revision, in order and without gaps, a few commits at a time, up to the end of the journal. Throws <see cref="HistoryCutException"/> where they are no longer all there.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<Change>> ChangesAsync(
        long revision, Snapshot latest, [EnumeratorCancellation] CancellationToken cancel)
    {
        var start = await TryRebuildAsync(revision, latest, cancel).ConfigureAwait(false)
            ?? throw new HistoryCutException($"history begins after revision {revision}");
        var state = CollectionState.WithoutClaims(type, start.Snapshot);
        await foreach (var commits in journal.AfterAsync(start.LastSequenceNumber, cancel).ConfigureAwait(false))
        {
            var (after, changes) = state.Replay([.. Following(commits, state.Revision)]);
            state = after;
            if (changes.Count > 0) yield return changes;
        }
    }

    /// <summary>The versions of one object up to a revision, newest first, as far back as the journal goes.</summary>
    public async IAsyncEnumerable<ObjectVersion> VersionsAsync(ObjectKey key, long upTo, [EnumeratorCancellation] CancellationToken cancel)
    {
        var oldest = (await checkpoints.LatestAsync(cancel).ConfigureAwait(false))?.All[0] ?? Checkpoint.Beginning;
        var highest = await journal.HighestSequenceNumberAsync(cancel).ConfigureAwait(false);
        await foreach (var commits in journal.BackFromAsync(highest, oldest.SequenceNumber, cancel).ConfigureAwait(false))
        {
            foreach (var (record, _) in commits)
            {
                for (var i = record.Changes.Count - 1; i >= 0; i--)
                {
                    var (kind, changed, json) = record.Changes[i];
                    if (changed == key && record.FirstRevision + i <= upTo) yield return new(kind, new(type, key, record.FirstRevision + i, json));
                }
            }
        }
    }

    /// <summary>What of commits lies after a revision. Throws where one is missing.</summary>
    private static IEnumerable<CommitRecord> Following(IReadOnlyList<JournaledCommit> commits, long revision)
    {
        foreach (var (record, _) in commits)
        {
            if (record.LastRevision <= revision) continue;
            if (record.FirstRevision > revision + 1) throw new HistoryCutException($"the commit after revision {revision} is not in the journal");
            var known = (int)(revision + 1 - record.FirstRevision);
            yield return known == 0 ? record : record with { FirstRevision = revision + 1, Changes = [.. record.Changes.Skip(known)] };
            revision = record.LastRevision;
        }
    }

    private async Task<Rebuilt?> TryRebuildAsync(long revision, Snapshot latest, CancellationToken cancel)
    {
        await _rebuilding.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await RebuildAsync(revision, latest, cancel).ConfigureAwait(false);
                }
                catch (HistoryCutException) when (attempt < MostAttempts)
                {
                    // The checkpoints are read again: either there are newer ones to begin with, or the revision is gone.
                }
            }
        }
        finally
        {
            _rebuilding.Release();
        }
    }

    private async Task<Rebuilt?> RebuildAsync(long revision, Snapshot latest, CancellationToken cancel)
    {
        var stored = await checkpoints.LatestAsync(cancel).ConfigureAwait(false);
        if ((stored is null ? Checkpoint.Beginning : stored.Before(revision)) is not { } start || revision < start.Revision) return null;
        var builder = new SnapshotBuilder(latest);
        await PutCheckpointAsync(builder, start, latest, cancel).ConfigureAwait(false);
        var reached = start.Revision;
        var sequenceNumber = start.SequenceNumber;
        if (reached == revision) return new(builder.Build(revision), sequenceNumber);
        await foreach (var commits in journal.AfterAsync(start.SequenceNumber, cancel).ConfigureAwait(false))
        {
            foreach (var (record, number) in commits)
            {
                if (record.FirstRevision != reached + 1) throw new HistoryCutException($"the commit after revision {reached} is not in the journal");
                for (var i = 0; i < record.Changes.Count && reached < revision; i++) Redo(builder, record.Changes[i], ++reached, latest);
                if (reached < record.LastRevision) return new(builder.Build(revision), sequenceNumber);
                sequenceNumber = number;
                if (reached == revision) return new(builder.Build(revision), sequenceNumber);
            }
        }
        throw new HistoryCutException($"the journal ends at revision {reached}");
    }

    /// <summary>Makes of the present what a checkpoint holds, by putting what is different.</summary>
    private async Task PutCheckpointAsync(SnapshotBuilder builder, Checkpoint checkpoint, Snapshot latest, CancellationToken cancel)
    {
        var absent = latest.Objects.Keys.ToHashSet();
        await foreach (var objects in checkpoints.ObjectsAsync(checkpoint, cancel).ConfigureAwait(false))
        {
            foreach (var obj in objects)
            {
                absent.Remove(obj.Key);
                if (latest.Get(obj.Key)?.Revision != obj.Revision) builder.Put(obj.ToObject(type));
            }
        }
        foreach (var key in absent) builder.Remove(key);
    }

    private void Redo(SnapshotBuilder builder, RecordedChange change, long revision, Snapshot latest)
    {
        if (change.Kind == ChangeKind.Deleted) builder.Remove(change.Key);
        else if (latest.Get(change.Key) is { } present && present.Revision == revision) builder.Put(present);
        else builder.Put(new(type, change.Key, revision, change.Json));
    }
}
