using ActorOrch.Registry.Collections;

namespace ActorOrch.Registry.Watching;

/// <summary>What a process knows of a collection: the latest snapshot, how it came about, and the last commit of it.</summary>
internal sealed record CollectionView(Snapshot Snapshot, History History, IReadOnlyList<Change> LastChanges)
{
    public static readonly CollectionView Empty = Of(Snapshot.Empty);

    /// <summary>Of a mirror that holds a part of a collection: above all revisions, so that none is taken for one.</summary>
    private const long FirstOfSelected = 1L << 62;

    private volatile Asked? _lastAsked;

    private sealed record Asked(long Version, IReadOnlyList<Change> Changes);

    public static CollectionView Of(Snapshot snapshot) => new(snapshot, History.Empty(snapshot.Revision), []);

    public long Revision => Snapshot.Revision;

    /// <summary>
    /// What observers have seen by a view. The revision, where a mirror holds all of a collection: each change has one of its own. A part of it may
    /// change while the collection does not, and the other way round: its views are numbered.
    /// </summary>
    public long Version => Number > 0 ? Number : Revision;

    /// <summary>Of a mirror that holds what pods refer to: the revision of the pods by which it does.</summary>
    public long Pods { get; private init; }

    /// <summary>Of a view of a part; 0 for one of a whole collection.</summary>
    private long Number { get; init; }

    public CollectionView Next(Snapshot after, IReadOnlyList<Change> changes, HistoryLimits limits) =>
        new(after, History.Append(changes, limits), changes);

    /// <summary>The next view of a part of a collection.</summary>
    /// <param name="changes">Null where they are not known: everything may be another.</param>
    public CollectionView NextSelected(Snapshot after, IReadOnlyList<Change>? changes, long pods)
    {
        var number = Number > 0 ? Number : FirstOfSelected;
        // One number is left out where nobody can go on from the view before; whoever has seen all that is there is told of nothing.
        number += changes is null ? 2 : changes.Count > 0 ? 1 : 0;
        var last = changes is { Count: 0 } ? LastChanges : changes ?? [];
        return new(after, History.Empty(after.Revision), last) { Number = number, Pods = pods };
    }

    /// <summary>The changes after a version; null where they are not all known.</summary>
    public IReadOnlyList<Change>? After(long version)
    {
        if (Number > 0) return version == Number - 1 ? LastChanges : null;
        if (LastChanges.Count > 0 && LastChanges[0].Revision == version + 1) return LastChanges;
        // Observers that are told together have mostly seen the same before: they share one list.
        if (_lastAsked is { } asked && asked.Version == version) return asked.Changes;
        if (History.After(version) is not { } changes) return null;
        _lastAsked = new(version, changes);
        return changes;
    }
}
