using ActorOrch.Gateway.Forms;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Reading;

/// <summary>What a list answers: its items and what its metadata says about the rest.</summary>
internal readonly record struct ListPage(ListMeta Meta, IEnumerable<StoredObject> Items)
{
    /// <summary>Takes a page out of a snapshot. Without selectors that costs what the page holds, wherever in the list it is.</summary>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <param name="limit">The most items; 0 for all.</param>
    public static ListPage Take(Snapshot snapshot, ObjectFilter filter, ObjectKey? after, long limit)
    {
        var objects = filter.Candidates(snapshot);
        var rest = after is { } last ? objects.After(last) : objects.Values;
        if (filter.HasSelectors) rest = rest.Where(filter.Matches);
        // Chosen once: a list is gone through twice where it may be compressed.
        if (limit <= 0) return new(new(snapshot.Revision, null, null), filter.HasSelectors ? [.. rest] : rest);

        var items = new List<StoredObject>();
        var isLast = true;
        foreach (var obj in rest)
        {
            if (items.Count == limit)
            {
                isLast = false;
                break;
            }
            items.Add(obj);
        }
        if (isLast) return new(new(snapshot.Revision, null, null), items);
        var end = items[^1].Key;
        return new(new(snapshot.Revision, new ContinueToken(snapshot.Revision, end).Encode(), filter.HasSelectors ? null : objects.CountAfter(end)), items);
    }
}
