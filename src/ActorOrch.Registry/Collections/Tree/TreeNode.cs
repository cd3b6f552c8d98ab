using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections.Tree;

/// <summary>A node of an <see cref="ObjectTree"/>. Only the builder that made it may change it, and only until it has built.</summary>
internal abstract class TreeNode(object? owner)
{
    /// <summary>The most objects of a leaf, and the most children of a branch.</summary>
    public const int Most = 32;

    /// <summary>A node with fewer joins a neighbour, where both fit into one with room to spare.</summary>
    private const int Few = Most / 4, Joined = Most * 3 / 4;

    /// <summary>How full a tree is that is built of many at once: the next changes find room.</summary>
    private const int Filled = Most * 7 / 8;

    public object? Owner { get; } = owner;

    /// <summary>Objects of a leaf, children of a branch.</summary>
    public int Count { get; protected set; }

    /// <summary>All objects below.</summary>
    public abstract int Objects { get; }

    public bool IsFew => Count < Few;

    /// <summary>Puts an object in, for an owner. Returns this node or its copy, and the node that came to be to its right where it had to be split.</summary>
    public abstract TreeNode Put(StoredObject obj, object owner, ref StoredObject? previous, out TreeSplit? split);

    /// <summary>Takes an object out, for an owner. Returns this node or its copy, which may have become empty.</summary>
    public abstract TreeNode Remove(ObjectKey key, object owner, ref StoredObject? removed);

    /// <summary>This node and its neighbour to the right as one; null where they are to stay two.</summary>
    /// <param name="boundary">No object of the right one is before it.</param>
    public TreeNode? Join(TreeNode right, ObjectKey boundary, object owner) => Count + right.Count <= Joined ? Concat(right, boundary, owner) : null;

    protected abstract TreeNode Concat(TreeNode right, ObjectKey boundary, object owner);

    public static TreeNode OfSorted(ReadOnlySpan<StoredObject> objects)
    {
        if (objects.Length <= Most) return objects.Length == 0 ? TreeLeaf.Empty : new TreeLeaf(objects, null);
        var level = new List<TreeSplit>();
        for (var rest = objects; rest.Length > 0;)
        {
            var part = rest[..Math.Min(Filled, rest.Length)];
            level.Add(new(part[0].Key, new TreeLeaf(part, null)));
            rest = rest[part.Length..];
        }
        while (level.Count > 1) level = [.. level.Chunk(Filled).Select(children => new TreeSplit(children[0].Boundary, new TreeBranch(children, null)))];
        return level[0].Node;
    }
}

/// <summary>A node and the boundary to its left: no object of it is before that.</summary>
internal readonly record struct TreeSplit(ObjectKey Boundary, TreeNode Node);
