using System.Collections.Immutable;
using ActorOrch.Registry.Collections.Tree;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections;

/// <summary>The indexes of one snapshot: for each indexed value the objects that have it. Immutable, shared between snapshots.</summary>
internal sealed class ObjectIndexes
{
    /// <summary>More objects than this are read by all processors.</summary>
    private const int Many = 5_000;

    private static readonly ImmutableDictionary<string, ObjectTree> None = ImmutableDictionary<string, ObjectTree>.Empty;

    public static readonly ObjectIndexes Empty = new(None, None, None, None, None);

    /// <summary>Of what the indexes were before the last commit.</summary>
    private long _movedFrom = -1;

    private IndexMoves _namespaceMoves = IndexMoves.None;
    private IndexMoves _ownerMoves = IndexMoves.None;

    private readonly ImmutableDictionary<string, ObjectTree> _namespace, _ownerUid, _nodeName, _uncontrolled, _involvedObject;

    private ObjectIndexes(
        ImmutableDictionary<string, ObjectTree> byNamespace, ImmutableDictionary<string, ObjectTree> ownerUid, ImmutableDictionary<string, ObjectTree> nodeName,
        ImmutableDictionary<string, ObjectTree> uncontrolled, ImmutableDictionary<string, ObjectTree> involvedObject)
    {
        _namespace = byNamespace;
        _ownerUid = ownerUid;
        _nodeName = nodeName;
        _uncontrolled = uncontrolled;
        _involvedObject = involvedObject;
    }

    /// <param name="objects">In order.</param>
    public static ObjectIndexes Of(IReadOnlyList<StoredObject> objects)
    {
        if (objects.Count == 0) return Empty;
        var read = new IndexedValues[objects.Count];
        if (objects.Count > Many) Parallel.For(0, read.Length, i => read[i] = IndexedValues.Of(objects[i]));
        else for (var i = 0; i < read.Length; i++) read[i] = IndexedValues.Of(objects[i]);

        Dictionary<string, List<StoredObject>> byNamespace = [], ownerUid = [], nodeName = [], uncontrolled = [], involvedObject = [];
        for (var i = 0; i < read.Length; i++)
        {
            var (obj, values) = (objects[i], read[i]);
            if (obj.Key.Namespace.Length > 0) Add(byNamespace, obj.Key.Namespace, obj);
            foreach (var owner in values.OwnerUids) Add(ownerUid, owner, obj);
            if (values.NodeName is { } node) Add(nodeName, node, obj);
            if (values.IsUncontrolled) Add(uncontrolled, obj.Key.Namespace, obj);
            if (values.InvolvedObject is { } involved) Add(involvedObject, involved, obj);
        }
        return new(Index(byNamespace), Index(ownerUid), Index(nodeName), Index(uncontrolled), Index(involvedObject));

        static void Add(Dictionary<string, List<StoredObject>> index, string value, StoredObject obj)
        {
            if (!index.TryGetValue(value, out var list)) index[value] = list = [];
            // An object that names an owner twice has it once.
            if (list.Count == 0 || list[^1] != obj) list.Add(obj);
        }

        static ImmutableDictionary<string, ObjectTree> Index(Dictionary<string, List<StoredObject>> index) =>
            index.ToImmutableDictionary(entry => entry.Key, entry => ObjectTree.Of(entry.Value));
    }

    /// <summary>How the values of an index differ from those of an earlier snapshot. At once where that is the one before the last commit.</summary>
    /// <param name="index"><see cref="Indexes.Namespace"/> or <see cref="Indexes.OwnerUid"/>.</param>
    public IndexMoves MovesSince(Snapshot before, string index)
    {
        var isNamespace = index == Indexes.Namespace;
        if (_movedFrom == before.Revision) return isNamespace ? _namespaceMoves : _ownerMoves;
        var (was, now) = isNamespace ? (before.Indexes._namespace, _namespace) : (before.Indexes._ownerUid, _ownerUid);
        return new([.. now.Keys.Where(value => !was.ContainsKey(value))], [.. was.Keys.Where(value => !now.ContainsKey(value))]);
    }

    public ObjectTree Find(string index, string value)
    {
        var values = index switch
        {
            Indexes.Namespace => _namespace,
            Indexes.OwnerUid => _ownerUid,
            Indexes.NodeName => _nodeName,
            Indexes.Uncontrolled => _uncontrolled,
            Indexes.InvolvedObject => _involvedObject,
            _ => throw new ArgumentException($"there is no index {index}", nameof(index)),
        };
        return values.GetValueOrDefault(value, ObjectTree.Empty);
    }

    /// <summary>Changes indexes over one commit: a value's objects are copied once a commit, not once a write.</summary>
    /// <param name="revision">Of the snapshot that the indexes are of.</param>
    internal sealed class Builder(ObjectIndexes start, long revision)
    {
        private readonly IndexBuilder _namespace = new(start._namespace);
        private readonly IndexBuilder _ownerUid = new(start._ownerUid);
        private readonly IndexBuilder _nodeName = new(start._nodeName);
        private readonly IndexBuilder _uncontrolled = new(start._uncontrolled);
        private readonly IndexBuilder _involvedObject = new(start._involvedObject);

        /// <summary>The string by which the index knows a namespace, where it does.</summary>
        public string SharedNamespace(string name) => _namespace.SharedValue(name);

        public void Add(StoredObject obj)
        {
            if (obj.Key.Namespace.Length > 0) _namespace.Put(obj.Key.Namespace, obj);
            Put(IndexedValues.Of(obj), obj);
        }

        public void Remove(StoredObject obj)
        {
            if (obj.Key.Namespace.Length > 0) _namespace.Remove(obj.Key.Namespace, obj.Key);
            Remove(IndexedValues.Of(obj), obj);
        }

        /// <summary>Of the same key.</summary>
        public void Replace(StoredObject before, StoredObject after)
        {
            if (after.Key.Namespace.Length > 0) _namespace.Put(after.Key.Namespace, after);
            var (was, now) = (IndexedValues.Of(before), IndexedValues.Of(after));
            if (!was.SameAs(now)) Remove(was, before);
            Put(now, after);
        }

        public ObjectIndexes Build() => new(_namespace.Build(), _ownerUid.Build(), _nodeName.Build(), _uncontrolled.Build(), _involvedObject.Build())
        {
            _movedFrom = revision,
            _namespaceMoves = _namespace.Moves,
            _ownerMoves = _ownerUid.Moves,
        };

        private void Put(IndexedValues values, StoredObject obj)
        {
            foreach (var owner in values.OwnerUids) _ownerUid.Put(owner, obj);
            if (values.NodeName is { } node) _nodeName.Put(node, obj);
            if (values.IsUncontrolled) _uncontrolled.Put(obj.Key.Namespace, obj);
            if (values.InvolvedObject is { } involved) _involvedObject.Put(involved, obj);
        }

        private void Remove(IndexedValues values, StoredObject obj)
        {
            foreach (var owner in values.OwnerUids) _ownerUid.Remove(owner, obj.Key);
            if (values.NodeName is { } node) _nodeName.Remove(node, obj.Key);
            if (values.IsUncontrolled) _uncontrolled.Remove(obj.Key.Namespace, obj.Key);
            if (values.InvolvedObject is { } involved) _involvedObject.Remove(involved, obj.Key);
        }
    }

    private sealed class IndexBuilder(ImmutableDictionary<string, ObjectTree> start)
    {
        private Dictionary<string, ObjectTreeBuilder>? _touched;

        /// <summary>Once it is built.</summary>
        public IndexMoves Moves { get; private set; } = IndexMoves.None;

        public string SharedValue(string value) => start.TryGetKey(value, out var known) ? known : value;

        public void Put(string value, StoredObject obj) => Touch(value).Put(obj);

        public void Remove(string value, ObjectKey key) => Touch(value).Remove(key);

        public ImmutableDictionary<string, ObjectTree> Build()
        {
            if (_touched is null) return start;
            var values = start.ToBuilder();
            List<string>? appeared = null, vanished = null;
            foreach (var (value, objects) in _touched)
            {
                if (objects.Count == 0)
                {
                    if (values.Remove(value)) (vanished ??= []).Add(value);
                    continue;
                }
                if (!values.ContainsKey(value)) (appeared ??= []).Add(value);
                values[value] = objects.Build();
            }
            if (appeared is not null || vanished is not null) Moves = new(appeared ?? [], vanished ?? []);
            return values.ToImmutable();
        }

        private ObjectTreeBuilder Touch(string value)
        {
            _touched ??= [];
            if (!_touched.TryGetValue(value, out var builder)) _touched[value] = builder = new(start.GetValueOrDefault(value, ObjectTree.Empty));
            return builder;
        }
    }
}
