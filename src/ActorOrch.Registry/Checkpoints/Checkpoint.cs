using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Records;
using Akka.Persistence;

namespace ActorOrch.Registry.Checkpoints;

/// <summary>A point of a collection's past that is stored whole: from it and the commits behind it any later revision can be rebuilt.</summary>
/// <param name="Revision">Of the last change in it.</param>
/// <param name="SequenceNumber">Of the journal's event that made that change; 0 for the collection's beginning, which nothing has to be stored of.</param>
/// <param name="CommittedAtMilliseconds">When that event was committed; Unix time.</param>
/// <param name="Parts">How many rows its objects fill besides the first.</param>
internal readonly record struct Checkpoint(long Revision, long SequenceNumber, long CommittedAtMilliseconds, int Parts)
{
    public static readonly Checkpoint Beginning = new(Snapshot.Empty.Revision, 0, 0, 0);
}

/// <summary>A checkpoint as the store holds it: the first row of it.</summary>
/// <param name="Earlier">The checkpoints before it, oldest first; the journal has every commit since the oldest.</param>
/// <param name="Objects">Its first objects, by key; the parts hold the others.</param>
internal sealed record CollectionRecord(Checkpoint Checkpoint, IReadOnlyList<Checkpoint> Earlier, IReadOnlyCollection<RecordedObject> Objects) : IRegistryFormat, IPlacedRecord
{
    public RecordPlace Place { get; init; } = RecordPlace.Unknown;

    /// <summary>Rows of the first version do not say themselves where they belong.</summary>
    public CollectionRecord StoredAs(SnapshotMetadata metadata) => Checkpoint.SequenceNumber == metadata.SequenceNr
        ? this
        : this with
        {
            Checkpoint = Checkpoint with
            {
                SequenceNumber = metadata.SequenceNr,
                CommittedAtMilliseconds = new DateTimeOffset(DateTime.SpecifyKind(metadata.Timestamp, DateTimeKind.Utc)).ToUnixTimeMilliseconds(),
            },
        };

    /// <summary>All checkpoints that this one knows of, oldest first.</summary>
    public IReadOnlyList<Checkpoint> All => [.. Earlier, Checkpoint];

    /// <summary>The newest checkpoint that a revision can be rebuilt from; null where history begins later.</summary>
    public Checkpoint? Before(long revision)
    {
        if (Checkpoint.Revision <= revision) return Checkpoint;
        for (var i = Earlier.Count - 1; i >= 0; i--)
            if (Earlier[i].Revision <= revision) return Earlier[i];
        return null;
    }
}

/// <summary>A part of a checkpoint: objects by key, following on those of the part before.</summary>
internal sealed record ObjectsRecord(IReadOnlyCollection<RecordedObject> Objects) : IRegistryFormat, IPlacedRecord
{
    public RecordPlace Place { get; init; } = RecordPlace.Unknown;
}
