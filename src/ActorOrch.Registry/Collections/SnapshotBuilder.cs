using ActorOrch.Registry.Collections.Tree;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections;

/// <summary>Takes a snapshot forward or back by changes. Not thread-safe; the snapshot it started from stays as it is.</summary>
internal sealed class SnapshotBuilder(Snapshot start)
{
    private readonly ObjectTreeBuilder _objects = new(start.Objects);
    private readonly ObjectIndexes.Builder _indexes = new(start.Indexes, start.Revision);

    public int Count => _objects.Count;

    public StoredObject? Get(ObjectKey key) => _objects.Find(key);

    /// <summary>The same key with the namespace's name as the other objects there have it: a hundred thousand share one.</summary>
    public ObjectKey Shared(ObjectKey key) => key.Namespace.Length == 0 ? key : new(_indexes.SharedNamespace(key.Namespace), key.Name);

    public void Put(StoredObject obj)
    {
        if (_objects.Put(obj) is { } before) _indexes.Replace(before, obj);
        else _indexes.Add(obj);
    }

    public void Remove(ObjectKey key)
    {
        if (_objects.Remove(key) is { } before) _indexes.Remove(before);
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

    public Snapshot Build(long revision) => new(revision, _objects.Build(), _indexes.Build());
}
