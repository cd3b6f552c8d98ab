using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections;

/// <summary>What a batch of writes comes to, before it is durable.</summary>
/// <param name="After">The collection with the batch applied. Dropping it undoes the batch.</param>
/// <param name="Results">One result a write, in order; true once the changes are durable.</param>
/// <param name="Changes">What is to be made durable, by rising revision without gaps; empty where no write fitted.</param>
public sealed record Commit(CollectionState After, IReadOnlyList<WriteResult> Results, IReadOnlyList<Change> Changes);

/// <summary>A commit as the journal and the wire carry it.</summary>
/// <param name="FirstRevision">The revision of the first change; the others follow without gaps.</param>
/// <param name="CommittedAtMilliseconds">Unix time in milliseconds.</param>
internal sealed record CommitRecord(long FirstRevision, long CommittedAtMilliseconds, IReadOnlyList<RecordedChange> Changes) : IRegistryFormat, IPlacedRecord
{
    public RecordPlace Place { get; init; } = RecordPlace.Unknown;

    public long LastRevision => FirstRevision + Changes.Count - 1;

    /// <summary>The size of the objects in bytes.</summary>
    public long Size
    {
        get
        {
            long size = 0;
            foreach (var change in Changes) size += change.Json.Length;
            return size;
        }
    }

    public static CommitRecord Of(IReadOnlyList<Change> changes, DateTimeOffset now)
    {
        var recorded = new RecordedChange[changes.Count];
        for (var i = 0; i < recorded.Length; i++) recorded[i] = new(changes[i].Kind, changes[i].Key, changes[i].Object.Json);
        return new(changes[0].Revision, now.ToUnixTimeMilliseconds(), recorded);
    }
}

/// <summary>One change of a <see cref="CommitRecord"/>: the version it made, or the last state of what it removed.</summary>
internal readonly record struct RecordedChange(ChangeKind Kind, ObjectKey Key, byte[] Json);
