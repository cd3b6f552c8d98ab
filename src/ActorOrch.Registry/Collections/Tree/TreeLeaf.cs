using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections.Tree;

/// <summary>Objects of neighbouring keys, in order.</summary>
internal sealed class TreeLeaf : TreeNode
{
    public static readonly TreeLeaf Empty = new([], null);

    public TreeLeaf(ReadOnlySpan<StoredObject> objects, object? owner, int room = 0) : base(owner)
    {
        Items = new StoredObject[Math.Max(objects.Length, room)];
        objects.CopyTo(Items);
        Count = objects.Length;
    }

    public StoredObject[] Items { get; private set; }

    public override int Objects => Count;

    /// <summary>Where the key is; the complement of where it belongs, where it is not.</summary>
    public int Search(ObjectKey key)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Items[middle].Key.CompareTo(key);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    /// <summary>The place of the first object behind a key.</summary>
    public int Behind(ObjectKey key) => Search(key) is >= 0 and var at ? at + 1 : ~Search(key);

    public override TreeNode Put(StoredObject obj, object owner, ref StoredObject? previous, out TreeSplit? split)
    {
        split = null;
        var at = Search(obj.Key);
        if (at >= 0)
        {
            previous = Items[at];
            var changed = OwnedBy(owner, Count);
            changed.Items[at] = obj;
            return changed;
        }
        at = ~at;
        if (Count < Most)
        {
            var grown = OwnedBy(owner, Count + 1);
            grown.Insert(at, obj);
            return grown;
        }
        // Keys that rise leave full leaves behind; others go on in halves.
        var middle = at == Count ? Count : Count / 2;
        var right = new TreeLeaf(Items.AsSpan(middle, Count - middle), owner, Most);
        var left = OwnedBy(owner, Count);
        left.Truncate(middle);
        if (at > middle || middle == Most) right.Insert(at - middle, obj);
        else left.Insert(at, obj);
        split = new(right.Items[0].Key, right);
        return left;
    }

    public override TreeNode Remove(ObjectKey key, object owner, ref StoredObject? removed)
    {
        var at = Search(key);
        if (at < 0) return this;
        removed = Items[at];
        var changed = OwnedBy(owner, Count);
        Array.Copy(changed.Items, at + 1, changed.Items, at, changed.Count - at - 1);
        changed.Truncate(changed.Count - 1);
        return changed;
    }

    protected override TreeNode Concat(TreeNode right, ObjectKey boundary, object owner)
    {
        var joined = new TreeLeaf(Items.AsSpan(0, Count), owner, Most);
        var other = (TreeLeaf)right;
        Array.Copy(other.Items, 0, joined.Items, Count, other.Count);
        joined.Count = Count + other.Count;
        return joined;
    }

    private TreeLeaf OwnedBy(object owner, int room)
    {
        // Small ones, of which an index has many, are not given the room of a large one.
        if (room > Items.Length) room = Math.Min(Most, Math.Max(room, 2 * Items.Length));
        if (Owner != owner) return new(Items.AsSpan(0, Count), owner, room);
        if (room <= Items.Length) return this;
        var items = new StoredObject[room];
        Array.Copy(Items, items, Count);
        Items = items;
        return this;
    }

    private void Insert(int at, StoredObject obj)
    {
        Array.Copy(Items, at, Items, at + 1, Count - at);
        Items[at] = obj;
        Count++;
    }

    private void Truncate(int count)
    {
        Array.Clear(Items, count, Count - count);
        Count = count;
    }
}
