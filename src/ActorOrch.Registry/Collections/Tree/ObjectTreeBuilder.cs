using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections.Tree;

/// <summary>Changes a tree; the one it started from stays as it is. Not thread-safe.</summary>
internal sealed class ObjectTreeBuilder(ObjectTree start)
{
    private ObjectTree _built = start;
    private TreeNode _root = start.Root;

    /// <summary>Marks the nodes that no tree has seen yet, and that may be changed in place.</summary>
    private object _owner = new();

    public int Count { get; private set; } = start.Count;

    public StoredObject? Find(ObjectKey key)
    {
        var node = _root;
        while (node is TreeBranch branch) node = branch.Children[branch.ChildOf(key)];
        var leaf = (TreeLeaf)node;
        return leaf.Search(key) is >= 0 and var at ? leaf.Items[at] : null;
    }

    /// <summary>Puts an object in; returns the one with its key that it replaces.</summary>
    public StoredObject? Put(StoredObject obj)
    {
        StoredObject? previous = null;
        _root = _root.Put(obj, _owner, ref previous, out var split);
        if (split is { } right) _root = new TreeBranch([new(default, _root), right], _owner);
        if (previous is null) Count++;
        return previous;
    }

    /// <summary>Takes an object out and returns it; null where there is none with the key.</summary>
    public StoredObject? Remove(ObjectKey key)
    {
        StoredObject? removed = null;
        _root = _root.Remove(key, _owner, ref removed);
        while (_root is TreeBranch { Count: <= 1 } branch) _root = branch.Count == 0 ? TreeLeaf.Empty : branch.Children[0];
        if (removed is not null) Count--;
        return removed;
    }

    public ObjectTree Build()
    {
        if (_root == _built.Root && _root.Owner != _owner) return _built;
        _owner = new();
        return _built = new(_root, Count);
    }
}
