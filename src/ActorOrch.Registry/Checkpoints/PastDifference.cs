using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Checkpoints;

/// <summary>
/// What is different about a collection's past from a snapshot of it that exists: gathered first and put into a snapshot at the end, so that
/// an object that changed often is indexed once.
/// </summary>
/// <param name="latest">Versions that are still there are shared with it.</param>
internal sealed class PastDifference(ResourceId resource, Snapshot origin, Snapshot latest)
{
    private readonly Dictionary<ObjectKey, StoredObject?> _different = [];

    /// <summary>Everything that the collection held at a checkpoint.</summary>
    public async Task PutAllAsync(IAsyncEnumerable<IReadOnlyCollection<RecordedObject>> parts)
    {
        var absent = origin.Objects.Keys.ToHashSet();
        await foreach (var part in parts.ConfigureAwait(false))
        {
            foreach (var obj in part)
            {
                absent.Remove(obj.Key);
                Put(obj.Key, obj.Revision, obj.Json);
            }
        }
        foreach (var key in absent) _different[key] = null;
    }

    public void Redo(RecordedChange change, long revision)
    {
        if (change.Kind == ChangeKind.Deleted) _different[change.Key] = null;
        else Put(change.Key, revision, change.Json);
    }

    public Snapshot Build(long revision)
    {
        var builder = new SnapshotBuilder(origin);
        foreach (var (key, obj) in _different)
        {
            if (obj is null) builder.Remove(key);
            else builder.Put(obj);
        }
        return builder.Build(revision);
    }

    private void Put(ObjectKey key, long revision, byte[] json)
    {
        if (origin.Get(key)?.Revision == revision) _different.Remove(key);
        else _different[key] = latest.Get(key) is { } present && present.Revision == revision ? present : new(resource, key, revision, json);
    }
}
