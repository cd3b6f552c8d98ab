using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Writes;

/// <summary>A change that a caller asks a collection for. It is committed whole or answered with a failure; never half.</summary>
public abstract record Write(ObjectKey Key)
{
    /// <summary>
    /// In place of an expected revision: the version that the write before it in the same message has made of the same object. Where that one
    /// was not committed, it is a conflict.
    /// </summary>
    internal const long AfterPrevious = long.MaxValue;

    /// <summary>Of the JSON that it brings.</summary>
    internal virtual int Bytes => 0;

    /// <summary>Fails with <see cref="WriteOutcome.AlreadyExists"/> where the key is taken.</summary>
    public sealed record Create(ObjectDraft Draft) : Write(Draft.Key)
    {
        internal override int Bytes => Draft.Json.Length;
    }

    /// <summary>Replaces the version at <paramref name="ExpectedRevision"/>; any other version present is a conflict.</summary>
    public sealed record Replace(ObjectDraft Draft, long ExpectedRevision) : Write(Draft.Key)
    {
        internal override int Bytes => Draft.Json.Length;
    }

    /// <summary>
    /// Removes the version at <paramref name="ExpectedRevision"/>. Watchers get its last state with the revision of the removal:
    /// <paramref name="Final"/> where given, else as it was stored.
    /// </summary>
    public sealed record Remove(ObjectKey Key, long ExpectedRevision, ObjectDraft? Final = null) : Write(Key)
    {
        internal override int Bytes => Final?.Json.Length ?? 0;
    }
}

public enum WriteOutcome
{
    Committed,
    AlreadyExists,
    NotFound,
    Conflict,

    /// <summary>A value that must be unique in the collection (<see cref="KindRules.Claims"/>) is taken.</summary>
    ClaimTaken,

    /// <summary>
    /// Nothing is promised: the store failed or did not answer, or the collection is moving. The write may have become durable all the
    /// same; a retry cannot make it twice, because it is compare-and-set.
    /// </summary>
    Unavailable,

    /// <summary>The object is larger than any may be (<see cref="ObjectSize"/>).</summary>
    TooLarge,
}

/// <summary>The answer to a <see cref="Write"/>, given only after it is durable.</summary>
/// <param name="Object">Committed: the new version (of a removal: the last state). Otherwise: what is stored now, where known.</param>
/// <param name="Detail">The taken claim, or why the store is unavailable, or what is too large.</param>
public sealed record WriteResult(WriteOutcome Outcome, StoredObject? Object = null, string? Detail = null);
