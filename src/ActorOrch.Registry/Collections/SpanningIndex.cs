using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections;

/// <summary>
/// Over all collections of a process: which of them hold anything of an owner, and which anything in a namespace. Only they are looked into for it,
/// however many kinds there are. It is never behind what the collections show. Safe for parallel use.
/// </summary>
public sealed class SpanningIndex
{
    private readonly ConcurrentDictionary<string, ImmutableArray<ICollection>> _owners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<ICollection>> _namespaces = new(StringComparer.Ordinal);

    /// <summary>The objects of all kinds that name an owner, by its uid, in whatever namespace.</summary>
    public IEnumerable<StoredObject> OwnedBy(string uid) => Objects(_owners, Indexes.OwnerUid, uid);

    /// <summary>The objects of all kinds in a namespace.</summary>
    public IEnumerable<StoredObject> Within(string @namespace) => Objects(_namespaces, Indexes.Namespace, @namespace);

    /// <summary>Takes in what a collection shows next, before and after it does.</summary>
    public void Follow(ICollection collection, Snapshot before, Snapshot after, Action show)
    {
        var moves = Expect(collection, before, after);
        show();
        Forget(collection, moves);
    }

    /// <summary>Takes in what a collection is about to show, and gives back what must be forgotten once it does.</summary>
    internal Moves Expect(ICollection collection, Snapshot before, Snapshot after)
    {
        var moves = new Moves(after.Indexes.MovesSince(before, Indexes.OwnerUid), after.Indexes.MovesSince(before, Indexes.Namespace));
        foreach (var uid in moves.Owners.Appeared) Add(_owners, uid, collection);
        foreach (var name in moves.Namespaces.Appeared) Add(_namespaces, name, collection);
        return moves;
    }

    internal void Forget(ICollection collection, Moves moves)
    {
        foreach (var uid in moves.Owners.Vanished) Remove(_owners, uid, collection);
        foreach (var name in moves.Namespaces.Vanished) Remove(_namespaces, name, collection);
    }

    private static IEnumerable<StoredObject> Objects(ConcurrentDictionary<string, ImmutableArray<ICollection>> holders, string index, string value)
    {
        if (!holders.TryGetValue(value, out var collections)) yield break;
        foreach (var collection in collections)
            foreach (var obj in collection.Latest.With(index, value).Values)
                yield return obj;
    }

    private static void Add(ConcurrentDictionary<string, ImmutableArray<ICollection>> holders, string value, ICollection collection) =>
        holders.AddOrUpdate(value, static (_, one) => [one], static (_, all, one) => all.Contains(one) ? all : all.Add(one), collection);

    private static void Remove(ConcurrentDictionary<string, ImmutableArray<ICollection>> holders, string value, ICollection collection)
    {
        while (holders.TryGetValue(value, out var all) && all.Contains(collection))
        {
            var rest = all.Remove(collection);
            if (rest.IsEmpty ? holders.TryRemove(new(value, all)) : holders.TryUpdate(value, rest, all)) return;
        }
    }

    /// <summary>What changes with a snapshot.</summary>
    internal readonly record struct Moves(IndexMoves Owners, IndexMoves Namespaces);
}
