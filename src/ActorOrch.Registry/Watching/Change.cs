using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Watching;

public enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One committed change, in the order of revisions.</summary>
/// <param name="Object">The new version; of a deletion, the last state carrying the deletion's revision.</param>
/// <param name="Previous">The version before, so that a selector can tell moving in from moving out.</param>
public readonly record struct Change(ChangeKind Kind, StoredObject Object, StoredObject? Previous)
{
    public long Revision => Object.Revision;
    public ObjectKey Key => Object.Key;
}

/// <summary>
/// Receives a collection's changes, for a <see cref="Follower"/>. Called on the thread that publishes or, for history, that subscribes; one call at a time: it must return at once
/// (tell an actor, write to a channel) and must not throw.
/// </summary>
public interface IChangeObserver
{
    /// <summary>
    /// Whether the observer is one of many that are told after those that are not, on a thread of the pool, so that neither the writer nor
    /// the system's own observers wait for them.
    /// </summary>
    bool MayWait => false;

    /// <summary>Changes of one commit or, when catching up, of several, each revision exactly once and without gaps. <paramref name="after"/> is the collection with them applied.</summary>
    void OnChanges(IReadOnlyList<Change> changes, Snapshot after);

    /// <summary>
    /// There is no thread of changes from what the observer has seen (it has seen nothing, a mirror was loaded anew, memory does not reach back, or it
    /// failed): start over from <paramref name="current"/>, or subscribe again: the store may have what was missed.
    /// </summary>
    void OnReset(Snapshot current);
}
