using ActorOrch.Registry.Collections;

namespace ActorOrch.Registry.Watching;

/// <summary>What a process knows of a collection: the latest snapshot, how it came about, and the last commit of it.</summary>
internal sealed record CollectionView(Snapshot Snapshot, History History, IReadOnlyList<Change> LastChanges)
{
    public static readonly CollectionView Empty = Of(Snapshot.Empty);

    private volatile Asked? _lastAsked;

    private sealed record Asked(long Revision, IReadOnlyList<Change> Changes);

    public static CollectionView Of(Snapshot snapshot) => new(snapshot, History.Empty(snapshot.Revision), []);

    public long Revision => Snapshot.Revision;

    public CollectionView Next(Snapshot after, IReadOnlyList<Change> changes, HistoryLimits limits) =>
        new(after, History.Append(changes, limits), changes);

    /// <summary>The changes after a revision; null where they are not all known.</summary>
    public IReadOnlyList<Change>? After(long revision)
    {
        if (LastChanges.Count > 0 && LastChanges[0].Revision == revision + 1) return LastChanges;
        // Observers that are told together have mostly seen the same before: they share one list.
        if (_lastAsked is { } asked && asked.Revision == revision) return asked.Changes;
        if (History.After(revision) is not { } changes) return null;
        _lastAsked = new(revision, changes);
        return changes;
    }
}
