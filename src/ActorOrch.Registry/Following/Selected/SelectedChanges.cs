using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Registry.Following.Selected;

/// <summary>What a message makes of the part of a collection that a mirror holds. Pure.</summary>
internal static class SelectedChanges
{
    public static CollectionView Apply(ResourceId resource, CollectionView view, FollowSelected message)
    {
        var builder = new SnapshotBuilder(view.Snapshot);
        var changes = new List<Change>(message.Objects.Count + message.Removed.Count);
        foreach (var recorded in message.Objects)
        {
            var previous = builder.Get(recorded.Key);
            var key = previous?.Key ?? builder.Shared(recorded.Key);
            Redo(new(previous is null ? ChangeKind.Added : ChangeKind.Modified, (recorded with { Key = key }).ToObject(resource), previous));
        }
        foreach (var key in message.Removed)
            if (builder.Get(key) is { } previous) Redo(new(ChangeKind.Deleted, previous, previous));
        return view.NextSelected(builder.Build(Math.Max(view.Revision, message.Revision)), changes, message.Pods);

        void Redo(Change change)
        {
            changes.Add(change);
            builder.Redo(change);
        }
    }
}
