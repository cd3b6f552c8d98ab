using ActorOrch.Registry;
using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>What a list answers: its items and what its metadata says about the rest.</summary>
internal readonly record struct ListPage(ListMeta Meta, IEnumerable<StoredObject> Items)
{
    /// <summary>Takes a page out of a snapshot.</summary>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <param name="limit">The most items; 0 for all.</param>
    public static ListPage Take(Snapshot snapshot, ObjectFilter filter, ObjectKey? after, long limit)
    {
        var objects = filter.Candidates(snapshot);
        if (limit <= 0 && after is null && !filter.HasSelectors) return new(new(snapshot.Revision, null, null), objects);

        var items = new List<StoredObject>();
        var remaining = 0L;
        foreach (var obj in objects)
        {
            if (after is { } last && obj.Key.CompareTo(last) <= 0) continue;
            if (filter.HasSelectors && !filter.Matches(obj)) continue;
            if (limit <= 0 || items.Count < limit)
            {
                items.Add(obj);
                continue;
            }
            remaining++;
            if (filter.HasSelectors) break;
        }
        if (remaining == 0) return new(new(snapshot.Revision, null, null), items);
        var next = new ContinueToken(snapshot.Revision, items[^1].Key).Encode();
        return new(new(snapshot.Revision, next, filter.HasSelectors ? null : remaining), items);
    }
}
