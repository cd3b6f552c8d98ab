using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Registry.Collections;

/// <summary>Marks what <see cref="RegistrySerializer"/> has a format for; the configuration binds it.</summary>
internal interface IRegistryFormat;

/// <summary>What is sent to a collection's actor through sharding; <see cref="Collection"/> is its entity id.</summary>
internal interface ICollectionMessage : IRegistryFormat
{
    string Collection { get; }
}

/// <summary>An object as the journal's snapshots and the wire carry it.</summary>
internal readonly record struct RecordedObject(ObjectKey Key, long Revision, byte[] Json)
{
    public static RecordedObject Of(StoredObject obj) => new(obj.Key, obj.Revision, obj.Json);

    public StoredObject ToObject(ResourceId resource) => new(resource, Key, Revision, Json);
}

internal sealed record WriteRequest(string Collection, IReadOnlyList<Write> Writes) : ICollectionMessage;

internal sealed record RecordedResult(WriteOutcome Outcome, RecordedObject? Object, string? Detail)
{
    public static RecordedResult Of(WriteResult result) => new(result.Outcome, result.Object is { } obj ? RecordedObject.Of(obj) : null, result.Detail);

    public WriteResult ToResult(ResourceId resource) => new(Outcome, Object?.ToObject(resource), Detail);
}

/// <summary>The answer to a <see cref="WriteRequest"/>, in the order of its writes.</summary>
internal sealed record WriteReply(IReadOnlyList<RecordedResult> Results) : IRegistryFormat;

internal sealed record RevisionRequest(string Collection) : ICollectionMessage;

/// <summary>The revision up to which the owner has acknowledged writes.</summary>
internal sealed record RevisionReply(long Revision) : IRegistryFormat;

/// <summary>
/// A mirror wants everything after <paramref name="KnownRevision"/>, and then whatever is committed. Wakes the collection where it sleeps.
/// A mirror that has heard nothing for a while sends it again, with a new session: a message that got lost is made up for by the answer.
/// </summary>
/// <param name="Session">Chosen by the mirror, rising; the answers carry it, so that those to an older request can be told apart.</param>
internal sealed record FollowRequest(string Collection, long Session, long KnownRevision) : ICollectionMessage;

/// <summary>The same of a mirror that holds a part of the collection.</summary>
/// <param name="Filter">Which objects those are.</param>
/// <param name="KnownPods">Of one that holds what pods refer to: the revision of the pods by which it does.</param>
internal sealed record FollowSelectedRequest(string Collection, long Session, long KnownRevision, FollowFilter Filter, long KnownPods) : ICollectionMessage;

/// <summary>Owner to mirror: commits that follow on what the mirror knows. The first answer to a request may have none.</summary>
/// <param name="Sequence">1 for the first message of the session, then rising by one.</param>
/// <param name="Revision">The owner's when it sent this: the mirror is complete once it has come so far.</param>
internal sealed record FollowCommits(long Session, long Sequence, long Revision, IReadOnlyList<CommitRecord> Commits) : IRegistryFormat;

/// <summary>Owner to mirror: a part of the whole collection, which replaces what the mirror knows once <paramref name="Last"/> has come.</summary>
internal sealed record FollowObjects(long Session, long Sequence, long Revision, bool Last, IReadOnlyList<RecordedObject> Objects) : IRegistryFormat;

/// <summary>Owner to a mirror that holds a part of the collection: what has changed of that part, each object as it is at last.</summary>
/// <param name="Sequence">As in <see cref="FollowCommits"/>.</param>
/// <param name="Pods">Of a mirror that holds what pods refer to: the revision of the pods by which it does now.</param>
/// <param name="Objects">Those that it is to hold as they are.</param>
/// <param name="Removed">Those that are gone, or none of its any more.</param>
internal sealed record FollowSelected(
    long Session, long Sequence, long Revision, long Pods, IReadOnlyList<RecordedObject> Objects, IReadOnlyList<ObjectKey> Removed) : IRegistryFormat;

/// <summary>Owner to a mirror in its own process: it publishes into the mirror without messages. Never leaves the process.</summary>
internal sealed record OwnedHere(IActorRef Owner) : INoSerializationVerificationNeeded;

/// <summary>Sharding to a collection's actor that has to move: finish what is being written, then stop.</summary>
internal sealed record HandOff : IRegistryFormat
{
    public static readonly HandOff Instance = new();
}
