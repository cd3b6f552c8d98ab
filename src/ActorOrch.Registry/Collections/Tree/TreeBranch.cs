using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections.Tree;

/// <summary>Nodes of neighbouring keys, in order, with the boundaries between them.</summary>
internal sealed class TreeBranch : TreeNode
{
    /// <summary>Of each child the boundary to its left. That of the first is not looked at.</summary>
    private readonly ObjectKey[] _boundaries = new ObjectKey[Most];

    private int _objects;

    public TreeBranch(ReadOnlySpan<TreeSplit> children, object? owner) : base(owner)
    {
        foreach (var (boundary, child) in children)
        {
            _boundaries[Count] = boundary;
            Children[Count++] = child;
        }
        _objects = ObjectsFrom(0);
    }

    private TreeBranch(TreeBranch from, int start, int end, object owner) : base(owner)
    {
        Count = end - start;
        Array.Copy(from._boundaries, start, _boundaries, 0, Count);
        Array.Copy(from.Children, start, Children, 0, Count);
    }

    public TreeNode[] Children { get; } = new TreeNode[Most];

    public override int Objects => _objects;

    /// <summary>The child in which a key is or would be.</summary>
    public int ChildOf(ObjectKey key)
    {
        var (low, high) = (1, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_boundaries[middle].CompareTo(key) <= 0) low = middle + 1;
            else high = middle - 1;
        }
        return low - 1;
    }

    /// <summary>The objects below a child and those behind it.</summary>
    public int ObjectsFrom(int child)
    {
        var objects = 0;
        for (var i = child; i < Count; i++) objects += Children[i].Objects;
        return objects;
    }

    public override TreeNode Put(StoredObject obj, object owner, ref StoredObject? previous, out TreeSplit? split)
    {
        split = null;
        var at = ChildOf(obj.Key);
        var child = Children[at].Put(obj, owner, ref previous, out var added);
        // A child that was changed in place is the owner's, and so is this.
        var changed = child == Children[at] && added is null ? this : OwnedBy(owner);
        changed.Children[at] = child;
        if (previous is null) changed._objects++;
        if (added is not { } right) return changed;
        if (changed.Count < Most)
        {
            changed.Insert(at + 1, right);
            return changed;
        }
        var middle = at + 1 == Most ? Most : Most / 2;
        var half = new TreeBranch(changed, middle, Most, owner);
        changed.Truncate(middle);
        if (at + 1 > middle || middle == Most) half.Insert(at + 1 - middle, right);
        else changed.Insert(at + 1, right);
        half._objects = half.ObjectsFrom(0);
        changed._objects -= half._objects;
        split = new(half._boundaries[0], half);
        return changed;
    }

    public override TreeNode Remove(ObjectKey key, object owner, ref StoredObject? removed)
    {
        var at = ChildOf(key);
        var child = Children[at].Remove(key, owner, ref removed);
        if (removed is null) return this;
        var changed = OwnedBy(owner);
        changed.Children[at] = child;
        changed._objects--;
        if (child.Count == 0) changed.RemoveAt(at);
        else if (child.IsFew) changed.JoinAround(at, owner);
        return changed;
    }

    protected override TreeNode Concat(TreeNode right, ObjectKey boundary, object owner)
    {
        var joined = new TreeBranch(this, 0, Count, owner);
        var other = (TreeBranch)right;
        Array.Copy(other._boundaries, 0, joined._boundaries, Count, other.Count);
        Array.Copy(other.Children, 0, joined.Children, Count, other.Count);
        joined._boundaries[Count] = boundary;
        joined.Count = Count + other.Count;
        joined._objects = _objects + other._objects;
        return joined;
    }

    private void JoinAround(int at, object owner)
    {
        for (var left = Math.Max(0, at - 1); left <= at && left + 1 < Count; left++)
        {
            if (Children[left].Join(Children[left + 1], _boundaries[left + 1], owner) is not { } joined) continue;
            Children[left] = joined;
            RemoveAt(left + 1);
            return;
        }
    }

    private TreeBranch OwnedBy(object owner) => Owner == owner ? this : new(this, 0, Count, owner) { _objects = _objects };

    private void Insert(int at, TreeSplit child)
    {
        Array.Copy(_boundaries, at, _boundaries, at + 1, Count - at);
        Array.Copy(Children, at, Children, at + 1, Count - at);
        _boundaries[at] = child.Boundary;
        Children[at] = child.Node;
        Count++;
    }

    private void RemoveAt(int at)
    {
        Array.Copy(_boundaries, at + 1, _boundaries, at, Count - at - 1);
        Array.Copy(Children, at + 1, Children, at, Count - at - 1);
        Truncate(Count - 1);
    }

    private void Truncate(int count)
    {
        Array.Clear(_boundaries, count, Count - count);
        Array.Clear(Children, count, Count - count);
        Count = count;
    }
}
