using System.Collections;
using System.Diagnostics.CodeAnalysis;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections.Tree;

/// <summary>
/// Objects in the order of their keys. Immutable; what is built from another shares with it all but the nodes on the way to a change.
/// A B-tree that holds the objects alone, whose keys are in them: a dozen bytes an object, where a binary tree takes sixty.
/// </summary>
public sealed class ObjectTree : IReadOnlyDictionary<ObjectKey, StoredObject>
{
    public static readonly ObjectTree Empty = new(TreeLeaf.Empty, 0);

    internal ObjectTree(TreeNode root, int count)
    {
        Root = root;
        Count = count;
    }

    internal TreeNode Root { get; }

    public int Count { get; }

    /// <summary>In order.</summary>
    public IEnumerable<ObjectKey> Keys => Enumerate(null).Select(o => o.Key);

    /// <summary>In the order of their keys.</summary>
    public IEnumerable<StoredObject> Values => Enumerate(null);

    public StoredObject this[ObjectKey key] => Find(key) ?? throw new KeyNotFoundException($"there is no {key}");

    /// <summary>A tree of objects with different keys, in any order. Throws <see cref="ArgumentException"/> where two have the same key.</summary>
    public static ObjectTree Of(IEnumerable<StoredObject> objects)
    {
        StoredObject[] all = [.. objects];
        if (!IsSorted(all)) Array.Sort(all, static (a, b) => a.Key.CompareTo(b.Key));
        for (var i = 1; i < all.Length; i++)
            if (all[i - 1].Key == all[i].Key) throw new ArgumentException($"two objects are called {all[i].Key}", nameof(objects));
        return new(TreeNode.OfSorted(all), all.Length);
    }

    public StoredObject? Find(ObjectKey key)
    {
        var node = Root;
        while (node is TreeBranch branch) node = branch.Children[branch.ChildOf(key)];
        var leaf = (TreeLeaf)node;
        return leaf.Search(key) is >= 0 and var at ? leaf.Items[at] : null;
    }

    public bool ContainsKey(ObjectKey key) => Find(key) is not null;

    public bool TryGetValue(ObjectKey key, [MaybeNullWhen(false)] out StoredObject value) => (value = Find(key)) is not null;

    /// <summary>The objects behind a key, in order, whether there is one with that key or not.</summary>
    public IEnumerable<StoredObject> After(ObjectKey key) => Enumerate(key);

    /// <summary>How many objects are behind a key. Looks at the way to it alone.</summary>
    public int CountAfter(ObjectKey key)
    {
        var behind = 0;
        var node = Root;
        while (node is TreeBranch branch)
        {
            var child = branch.ChildOf(key);
            behind += branch.ObjectsFrom(child + 1);
            node = branch.Children[child];
        }
        return behind + node.Count - ((TreeLeaf)node).Behind(key);
    }

    public IEnumerator<KeyValuePair<ObjectKey, StoredObject>> GetEnumerator() =>
        Enumerate(null).Select(o => KeyValuePair.Create(o.Key, o)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<StoredObject> Enumerate(ObjectKey? after)
    {
        var path = new Stack<(TreeBranch Branch, int Child)>();
        var node = Root;
        while (true)
        {
            while (node is TreeBranch branch)
            {
                var child = after is { } before ? branch.ChildOf(before) : 0;
                path.Push((branch, child));
                node = branch.Children[child];
            }
            var leaf = (TreeLeaf)node;
            for (var i = after is { } passed ? leaf.Behind(passed) : 0; i < leaf.Count; i++) yield return leaf.Items[i];
            after = null;
            (TreeBranch Branch, int Child) next;
            do
            {
                if (!path.TryPop(out next)) yield break;
            }
            while (++next.Child >= next.Branch.Count);
            path.Push(next);
            node = next.Branch.Children[next.Child];
        }
    }

    private static bool IsSorted(StoredObject[] objects)
    {
        for (var i = 1; i < objects.Length; i++)
            if (objects[i - 1].Key.CompareTo(objects[i].Key) > 0) return false;
        return true;
    }
}
