namespace ActorOrch.Registry;

/// <summary>What is stored: journal events (<c>commit/1</c>) and snapshots (<c>collection/1</c>).</summary>
internal static class RecordFormats
{
    /// <summary>first revision, time of the commit, number of changes; a change: kind, namespace, name, bytes of the object.</summary>
    public static byte[] Write(CommitRecord commit)
    {
        var size = 32;
        foreach (var change in commit.Changes) size = checked(size + WireWriter.SizeOf(change.Key, change.Json));
        var writer = new WireWriter(size);
        Write(writer, commit);
        return writer.Finish();
    }

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

    /// <summary>revision, number of objects; an object: namespace, name, revision, bytes.</summary>
    public static byte[] Write(CollectionRecord collection)
    {
        var size = 32;
        foreach (var obj in collection.Objects) size = checked(size + WireWriter.SizeOf(obj.Key, obj.Json));
        var writer = new WireWriter(size);
        writer.Number(collection.Revision);
        Write(writer, collection.Objects);
        return writer.Finish();
    }

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
        var revision = reader.Number();
        return new(revision, ReadObjects(ref reader));
    }

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
}
