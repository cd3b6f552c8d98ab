using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Health;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Registry.Watching;

namespace ActorOrch.Registry.Persistence;

/// <summary>
/// What is stored: journal events (<c>commit/2</c>), checkpoints (<c>collection/3</c>) and their parts (<c>objects/2</c>), each in a
/// <see cref="RecordEnvelope"/>, which the versions before them did not have; what other actors store, in the same envelope
/// (<c>actor-record/1</c>); and of that, probes of the store (<c>store-probe/1</c>).
/// </summary>
internal static class RecordFormats
{
    public const string CommitBare = "commit/1", CollectionWhole = "collection/1", CollectionBare = "collection/2", ObjectsBare = "objects/1";
    public const string Commit = "commit/2", Collection = "collection/3", Objects = "objects/2";

    /// <summary>Of an <see cref="ActorRecord"/>.</summary>
    public const string OfActor = "actor-record/1";

    /// <summary>The manifests of records that no envelope is around.</summary>
    public static readonly string[] WithoutEnvelope = [CommitBare, CollectionWhole, CollectionBare, ObjectsBare];

    /// <param name="key">Null: the record is not encrypted.</param>
    public static byte[] Write(CommitRecord commit, SecretsKey? key)
    {
        var size = 32;
        foreach (var change in commit.Changes) size = checked(size + WireWriter.SizeOf(change.Key, change.Json));
        return RecordEnvelope.Write(commit.Place, key, size, commit, static (writer, record) => Write(writer, record));
    }

    /// <summary>A record that was stored without an envelope as it is stored today, and its manifest.</summary>
    public static (byte[] Bytes, string Manifest) Renew(byte[] bytes, string manifest, RecordPlace place, long created, SecretsKey? key) => manifest switch
    {
        CommitBare => (Write(ReadCommit(new(bytes)) with { Place = place }, key), Commit),
        CollectionWhole => (Write(Stored(ReadWholeCollection(new(bytes)), place, created) with { Place = place }, key), Collection),
        CollectionBare => (Write(ReadCollection(new(bytes)) with { Place = place }, key), Collection),
        ObjectsBare => (Write(new ObjectsRecord(ReadObjects(new(bytes))) { Place = place }, key), Objects),
        _ => throw new ArgumentException($"{manifest} has an envelope", nameof(manifest)),
    };

    /// <summary>Throws <see cref="FormatException"/> for what is damaged.</summary>
    public static IPlacedRecord Read(byte[] bytes, string manifest, Func<SecretsKey?> key) => manifest switch
    {
        CommitBare => ReadCommit(new(bytes)),
        Commit => ReadCommit(new(RecordEnvelope.Open(bytes, key, out var place))) with { Place = place },
        CollectionWhole => ReadWholeCollection(new(bytes)),
        CollectionBare => ReadCollection(new(bytes)),
        Collection => ReadCollection(new(RecordEnvelope.Open(bytes, key, out var place))) with { Place = place },
        ObjectsBare => new ObjectsRecord(ReadObjects(new(bytes))),
        Objects => new ObjectsRecord(ReadObjects(new(RecordEnvelope.Open(bytes, key, out var place)))) { Place = place },
        _ => throw new FormatException($"the manifest {manifest} is not known"),
    };

    /// <summary>first revision, time of the commit, number of changes; a change: kind, namespace, name, bytes of the object.</summary>
    public static void Write(WireWriter writer, CommitRecord commit)
    {
        writer.Number(commit.FirstRevision);
        writer.Number(commit.CommittedAtMilliseconds);
        writer.Number(commit.Changes.Count);
        foreach (var change in commit.Changes)
        {
            writer.Byte(change.Kind switch
            {
                ChangeKind.Added => 1,
                ChangeKind.Modified => 2,
                ChangeKind.Deleted => 3,
                _ => throw new ArgumentException($"unknown change {change.Kind}", nameof(commit)),
            });
            writer.Key(change.Key);
            writer.Bytes(change.Json);
        }
    }

    public static CommitRecord ReadCommit(WireReader reader) => ReadCommit(ref reader);

    /// <summary>the filling.</summary>
    public static byte[] Write(StoreProbe probe)
    {
        var writer = new WireWriter(probe.Filling.Length + 10);
        writer.Bytes(probe.Filling);
        return writer.Finish();
    }

    public static StoreProbe ReadProbe(WireReader reader) => new(reader.Bytes());

    public static CommitRecord ReadCommit(ref WireReader reader)
    {
        var first = reader.Number();
        var committedAt = reader.Number();
        var changes = new RecordedChange[reader.Count()];
        for (var i = 0; i < changes.Length; i++)
        {
            var kind = reader.Byte() switch
            {
                1 => ChangeKind.Added,
                2 => ChangeKind.Modified,
                3 => ChangeKind.Deleted,
                var unknown => throw new FormatException($"unknown change {unknown}"),
            };
            var key = reader.Key();
            changes[i] = new(kind, key, reader.Bytes());
        }
        return new(first, committedAt, changes);
    }

    /// <summary>This checkpoint, the number of earlier ones, those, objects; a checkpoint: revision, sequence number, time, number of parts.</summary>
    public static byte[] Write(CollectionRecord collection, SecretsKey? key) => RecordEnvelope.Write(
        collection.Place, key, 64 + 32 * collection.Earlier.Count + SizeOf(collection.Objects), collection, static (writer, record) =>
        {
            Write(writer, record.Checkpoint);
            writer.Number(record.Earlier.Count);
            foreach (var earlier in record.Earlier) Write(writer, earlier);
            Write(writer, record.Objects);
        });

    /// <summary>Number of objects; an object: namespace, name, revision, bytes.</summary>
    public static byte[] Write(ObjectsRecord part, SecretsKey? key) =>
        RecordEnvelope.Write(part.Place, key, SizeOf(part.Objects), part, static (writer, record) => Write(writer, record.Objects));

    public static void Write(WireWriter writer, IReadOnlyCollection<RecordedObject> objects)
    {
        writer.Number(objects.Count);
        foreach (var obj in objects) Write(writer, obj);
    }

    public static void Write(WireWriter writer, RecordedObject obj)
    {
        writer.Key(obj.Key);
        writer.Number(obj.Revision);
        writer.Bytes(obj.Json);
    }

    public static CollectionRecord ReadCollection(WireReader reader)
    {
        var checkpoint = ReadCheckpoint(ref reader);
        var earlier = new Checkpoint[reader.Count()];
        for (var i = 0; i < earlier.Length; i++) earlier[i] = ReadCheckpoint(ref reader);
        return new(checkpoint, earlier, ReadObjects(ref reader));
    }

    /// <summary><c>collection/1</c>, which is no longer written: revision, objects. The journal before it had been deleted.</summary>
    public static CollectionRecord ReadWholeCollection(WireReader reader)
    {
        var revision = reader.Number();
        return new(new(revision, SequenceNumber: 0, CommittedAtMilliseconds: 0, Parts: 0), [], ReadObjects(ref reader));
    }

    public static RecordedObject[] ReadObjects(WireReader reader) => ReadObjects(ref reader);

    public static RecordedObject[] ReadObjects(ref WireReader reader)
    {
        var objects = new RecordedObject[reader.Count()];
        for (var i = 0; i < objects.Length; i++) objects[i] = ReadObject(ref reader);
        return objects;
    }

    public static RecordedObject ReadObject(ref WireReader reader)
    {
        var key = reader.Key();
        var revision = reader.Number();
        return new(key, revision, reader.Bytes());
    }

    private static CollectionRecord Stored(CollectionRecord record, RecordPlace place, long created) =>
        record.StoredAs(new(place.PersistenceId, place.SequenceNumber, new(created, DateTimeKind.Utc)));

    private static int SizeOf(IReadOnlyCollection<RecordedObject> objects)
    {
        var size = 32;
        foreach (var obj in objects) size = checked(size + WireWriter.SizeOf(obj.Key, obj.Json));
        return size;
    }

    private static void Write(WireWriter writer, Checkpoint checkpoint)
    {
        writer.Number(checkpoint.Revision);
        writer.Number(checkpoint.SequenceNumber);
        writer.Number(checkpoint.CommittedAtMilliseconds);
        writer.Number(checkpoint.Parts);
    }

    private static Checkpoint ReadCheckpoint(ref WireReader reader)
    {
        var revision = reader.Number();
        var sequenceNumber = reader.Number();
        var committedAt = reader.Number();
        return new(revision, sequenceNumber, committedAt, reader.Count());
    }
}
