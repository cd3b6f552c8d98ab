using System.Runtime.CompilerServices;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Checkpoints;

/// <summary>
/// A collection's past as the store has it: rebuilt from the newest checkpoint before the revision that is wanted and the commits behind it.
/// It costs as much as the journal between two checkpoints and one checkpoint at most, less where something near was rebuilt lately, and
/// what it brings shares with the present every version that is still there.
/// </summary>
internal sealed class StoredHistory(ResourceId resource, CheckpointStore checkpoints, JournalReader journal, TimeProvider time)
{
    /// <summary>Compaction may remove what a read is about to need; the read then begins anew with what is there.</summary>
    private const int MostAttempts = 3;

    /// <summary>Rebuilding a large collection takes memory for a moment: one at a time.</summary>
    private readonly SemaphoreSlim _rebuilding = new(1);

    private readonly IdleCache<Rebuilt> _rebuilt = new(time);

    /// <summary>A rebuilt collection, and the last event of the journal that is in it whole.</summary>
    private readonly record struct Rebuilt(Snapshot Snapshot, long LastSequenceNumber);

    /// <summary>The collection at a revision before <paramref name="latest"/>'s; null where history no longer has it.</summary>
    public async Task<Snapshot?> AtAsync(long revision, Snapshot latest, CancellationToken cancel) =>
        (await TryRebuildAsync(revision, latest, cancel).ConfigureAwait(false))?.Snapshot;

    /// <summary>
    /// The changes after a revision, in order and without gaps, a few commits at a time, up to the end of the journal. Throws
    /// <see cref="HistoryCutException"/> where they are no longer all there.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<Change>> ChangesAsync(
        long revision, Snapshot latest, [EnumeratorCancellation] CancellationToken cancel)
    {
        var start = await TryRebuildAsync(revision, latest, cancel).ConfigureAwait(false)
            ?? throw new HistoryCutException($"history begins after revision {revision}");
        var state = CollectionState.WithoutClaims(resource, start.Snapshot);
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
                    if (changed == key && record.FirstRevision + i <= upTo) yield return new(kind, new(resource, key, record.FirstRevision + i, json));
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
                    // The checkpoints are read again: either there are newer ones to begin with, or the revision is no longer kept.
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
        if ((stored is null ? Checkpoint.Beginning : stored.Before(revision)) is not { } checkpoint || revision < checkpoint.Revision) return null;
        if (!_rebuilt.TryFindNearest(revision, checkpoint.Revision, out var start))
        {
            var difference = new PastDifference(resource, latest, latest);
            await difference.PutAllAsync(checkpoints.ObjectsAsync(checkpoint, cancel)).ConfigureAwait(false);
            start = new(difference.Build(checkpoint.Revision), checkpoint.SequenceNumber);
            _rebuilt.Put(checkpoint.Revision, start);
        }
        if (start.Snapshot.Revision == revision) return start;
        var rebuilt = await GoOnAsync(start, revision, latest, cancel).ConfigureAwait(false);
        _rebuilt.Put(revision, rebuilt);
        return rebuilt;
    }

    private async Task<Rebuilt> GoOnAsync(Rebuilt start, long revision, Snapshot latest, CancellationToken cancel)
    {
        var difference = new PastDifference(resource, start.Snapshot, latest);
        var reached = start.Snapshot.Revision;
        var sequenceNumber = start.LastSequenceNumber;
        await foreach (var commits in journal.AfterAsync(sequenceNumber, cancel).ConfigureAwait(false))
        {
            foreach (var (record, number) in commits)
            {
                // A client may have seen a part of a commit.
                foreach (var following in Following([new(record, number)], reached))
                    for (var i = 0; i < following.Changes.Count && reached < revision; i++) difference.Redo(following.Changes[i], ++reached);
                if (reached == record.LastRevision) sequenceNumber = number;
                if (reached == revision) return new(difference.Build(revision), sequenceNumber);
            }
        }
        throw new HistoryCutException($"the journal ends at revision {reached}");
    }
}
