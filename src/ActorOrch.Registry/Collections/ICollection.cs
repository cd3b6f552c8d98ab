using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections;

/// <summary>
/// A process's handle on the collection of one resource: writes go to its actor wherever that lives; reads are served from this
/// process's mirror. In the process that owns the collection the mirror is never behind an acknowledged write.
/// </summary>
public interface ICollection
{
    /// <summary>Of which kind.</summary>
    ResourceId Resource { get; }

    /// <summary>What this process knows now. Never blocks.</summary>
    Snapshot Latest { get; }

    /// <summary>A snapshot that holds every write acknowledged before the call. Throws <see cref="ApiException"/> 503/504 when the owner cannot be asked.</summary>
    ValueTask<Snapshot> ReadConsistentAsync(CancellationToken cancel = default);

    /// <summary>Waits until this process has seen <paramref name="revision"/>.</summary>
    ValueTask<Snapshot> ReadAtLeastAsync(long revision, CancellationToken cancel = default);

    /// <summary>
    /// Waits until this process holds all that the pods of its nodes refer to, as they were at a revision of theirs: what is not in it then does
    /// not exist. At once where it holds the whole collection.
    /// </summary>
    ValueTask<Snapshot> ReadForPodsAsync(long podsRevision, CancellationToken cancel = default) => new(Latest);

    /// <summary>
    /// The collection as it was at <paramref name="revision"/>; null when history no longer holds it, or this process has not seen it yet.
    /// What memory does not hold is read from the store. Throws what the store fails with.
    /// </summary>
    ValueTask<Snapshot?> AtAsync(long revision, CancellationToken cancel = default);

    /// <summary>Completes when the write is durable or has failed; failures are outcomes, not exceptions.</summary>
    Task<WriteResult> WriteAsync(Write write, CancellationToken cancel = default);

    /// <summary>Several independent writes in one message and, where they fit, one commit. Results in the order of the writes.</summary>
    Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<Write> writes, CancellationToken cancel = default);

    /// <summary>
    /// Sends every change after <paramref name="afterRevision"/> to the observer: first those of history, then live, without gap or repeat.
    /// Where the history in memory does not reach back that far, as it does not to 0, the observer is given the whole collection first. For
    /// <see cref="Follower"/>, which is what everyone else listens with.
    /// </summary>
    IDisposable Subscribe(long afterRevision, IChangeObserver observer);

    /// <summary>
    /// The changes after <paramref name="afterRevision"/> that memory no longer holds, from the store: in order, without gap or repeat, some
    /// at a time, at the caller's pace. Ends where <see cref="Subscribe"/> can take over, at once where it can from the beginning. Throws
    /// <see cref="ApiException"/> 410 when history does not reach back that far.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<Change>> ReadChangesAsync(long afterRevision, CancellationToken cancel = default);

    /// <summary>
    /// The versions of one object that history holds, newest first, its removals included; also those of objects that had the same name
    /// before it. Reads the store as far back as the caller goes.
    /// </summary>
    IAsyncEnumerable<ObjectVersion> VersionsAsync(ObjectKey key, CancellationToken cancel = default);

    /// <summary>Objects of the latest snapshot by an indexed value; see <see cref="Indexes"/>.</summary>
    IReadOnlyList<StoredObject> Lookup(string index, string value);

    /// <summary>Whether the collection's actor lives in this process: only then this process wakes reconcilers for its changes.</summary>
    bool IsOwner { get; }

    /// <summary>Cancelled when the kind is gone: nothing will ever change here again. One that comes back has another.</summary>
    CancellationToken Gone => CancellationToken.None;

    /// <summary>Raised when <see cref="IsOwner"/> becomes true (after recovery; the mirror is complete) or false.</summary>
    event Action<bool>? OwnershipChanged;
}

/// <summary>A version of an object in history.</summary>
/// <param name="Kind">What made it.</param>
/// <param name="Object">The version; of a removal, the last state with the removal's revision.</param>
public readonly record struct ObjectVersion(ChangeKind Kind, StoredObject Object);

/// <summary>The indexes that collections keep.</summary>
public static class Indexes
{
    /// <summary>Any resource: objects by the uid of each of their owners.</summary>
    public const string OwnerUid = "metadata.ownerReferences.uid";

    /// <summary>Pods by <c>spec.nodeName</c>; those without a node under the empty string.</summary>
    public const string NodeName = "spec.nodeName";

    /// <summary>Any namespaced resource by namespace.</summary>
    public const string Namespace = "metadata.namespace";

    /// <summary>Pods and ReplicaSets that no controller has, by namespace.</summary>
    public const string Uncontrolled = "metadata.ownerReferences.controller";

    /// <summary>Events by <c>involvedObject.uid</c>.</summary>
    public const string InvolvedObject = "involvedObject.uid";
}

/// <summary>All collections, as this process sees them.</summary>
public interface IRegistry
{
    /// <summary>That of a kind. Throws <see cref="ApiException"/> 404 where this process has none.</summary>
    ICollection this[ResourceId resource] { get; }

    /// <summary>What the kinds are that this process has collections of. A kind that is added has its collection already, one that is removed still.</summary>
    Catalogue Catalogue { get; }

    /// <summary>What spans all kinds: who owns what, and what is in a namespace.</summary>
    SpanningIndex Spanning { get; }

    /// <summary>The objects of all kinds there are that name an owner, by its uid, in whatever namespace.</summary>
    IEnumerable<StoredObject> OwnedBy(string uid) => Spanning.OwnedBy(uid).Where(obj => TypeOf(obj) is not null);

    /// <summary>The objects of all kinds there are in a namespace.</summary>
    IEnumerable<StoredObject> Within(string @namespace) => Spanning.Within(@namespace).Where(obj => TypeOf(obj) is not null);

    /// <summary>
    /// Waits until this process sees all that was acknowledged before now, of whatever kind. Asks nobody where it owns the collections. Throws
    /// <see cref="ApiException"/> 503/504 when an owner cannot be asked.
    /// </summary>
    async ValueTask CatchUpAsync(CancellationToken cancel = default)
    {
        List<Task>? asked = null;
        foreach (var type in Types)
            if (this[type] is { IsOwner: false } elsewhere) (asked ??= []).Add(elsewhere.ReadConsistentAsync(cancel).AsTask());
        if (asked is not null) await Task.WhenAll(asked).ConfigureAwait(false);
    }

    /// <summary>The kinds that are stored now, each in the version in which it is.</summary>
    IReadOnlyList<ResourceType> Types => Catalogue.Current.Stored;

    /// <inheritdoc cref="ApiResources.Serving"/>
    ResourceType? Serving(string apiVersion, string kind) => Catalogue.Current.Serving(apiVersion, kind);

    /// <summary>What the kind of an object is now; null where there is no such kind any more.</summary>
    ResourceType? TypeOf(StoredObject obj) => Catalogue.Current.Find(obj.Resource);
}
