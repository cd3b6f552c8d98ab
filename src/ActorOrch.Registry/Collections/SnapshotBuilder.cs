using System.Collections.Immutable;
using ActorOrch.Resources;

namespace ActorOrch.Registry;

/// <summary>Takes a snapshot forward or back by changes. Not thread-safe; the snapshot it started from stays as it is.</summary>
internal sealed class SnapshotBuilder(Snapshot start)
{
    private readonly ImmutableSortedDictionary<ObjectKey, StoredObject>.Builder _objects = start.Objects.ToBuilder();
    private readonly ObjectIndexes.Builder _indexes = new(start.Indexes);

    public int Count => _objects.Count;

    public StoredObject? Get(ObjectKey key) => _objects.TryGetValue(key, out var obj) ? obj : null;

    public void Put(StoredObject obj)
    {
        if (_objects.TryGetValue(obj.Key, out var before)) _indexes.Replace(before, obj);
        else _indexes.Add(obj);
        _objects[obj.Key] = obj;
    }

    public void Remove(ObjectKey key)
    {
        if (!_objects.TryGetValue(key, out var before)) return;
        _indexes.Remove(before);
        _objects.Remove(key);
    }

    public void Redo(Change change)
    {
        if (change.Kind == ChangeKind.Deleted) Remove(change.Key);
        else Put(change.Object);
    }

    public void Undo(Change change)
    {
        if (change.Previous is { } previous) Put(previous);
        else Remove(change.Key);
    }

    public Snapshot Build(long revision) => new(revision, _objects.ToImmutable(), _indexes.Build());
}
