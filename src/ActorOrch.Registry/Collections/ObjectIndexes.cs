using System.Collections.Immutable;
using ActorOrch.Resources;
using Objects = System.Collections.Immutable.ImmutableSortedDictionary<ActorOrch.Resources.ObjectKey, ActorOrch.Resources.StoredObject>;

namespace ActorOrch.Registry;

/// <summary>The indexes of one snapshot: for each indexed value the objects that have it. Immutable, shared between snapshots.</summary>
internal sealed class ObjectIndexes
{
    private static readonly ImmutableDictionary<string, Objects> None = ImmutableDictionary<string, Objects>.Empty;

    public static readonly ObjectIndexes Empty = new(None, None, None, None);

    private readonly ImmutableDictionary<string, Objects> _namespace, _ownerUid, _nodeName, _involvedObject;

    private ObjectIndexes(
        ImmutableDictionary<string, Objects> byNamespace, ImmutableDictionary<string, Objects> ownerUid,
        ImmutableDictionary<string, Objects> nodeName, ImmutableDictionary<string, Objects> involvedObject)
    {
        _namespace = byNamespace;
        _ownerUid = ownerUid;
        _nodeName = nodeName;
        _involvedObject = involvedObject;
    }

    public static ObjectIndexes Of(IEnumerable<StoredObject> objects)
    {
        var builder = new Builder(Empty);
        foreach (var obj in objects) builder.Add(obj);
        return builder.Build();
    }

    public Objects Find(string index, string value)
    {
        var values = index switch
        {
            Indexes.Namespace => _namespace,
            Indexes.OwnerUid => _ownerUid,
            Indexes.NodeName => _nodeName,
            Indexes.InvolvedObject => _involvedObject,
            _ => throw new ArgumentException($"there is no index {index}", nameof(index)),
        };
        return values.GetValueOrDefault(value, Objects.Empty);
    }

    /// <summary>Changes indexes over one commit: a value's objects are copied once a commit, not once a write.</summary>
    internal sealed class Builder(ObjectIndexes start)
    {
        private readonly IndexBuilder _namespace = new(start._namespace);
        private readonly IndexBuilder _ownerUid = new(start._ownerUid);
        private readonly IndexBuilder _nodeName = new(start._nodeName);
        private readonly IndexBuilder _involvedObject = new(start._involvedObject);

        public void Add(StoredObject obj)
        {
            var values = IndexedValues.Of(obj);
            if (obj.Key.Namespace.Length > 0) _namespace.Add(obj.Key.Namespace, obj);
            foreach (var owner in values.OwnerUids) _ownerUid.Add(owner, obj);
            if (values.NodeName is { } node) _nodeName.Add(node, obj);
            if (values.InvolvedObject is { } involved) _involvedObject.Add(involved, obj);
        }

        public void Remove(StoredObject obj)
        {
            var values = IndexedValues.Of(obj);
            if (obj.Key.Namespace.Length > 0) _namespace.Remove(obj.Key.Namespace, obj.Key);
            foreach (var owner in values.OwnerUids) _ownerUid.Remove(owner, obj.Key);
            if (values.NodeName is { } node) _nodeName.Remove(node, obj.Key);
            if (values.InvolvedObject is { } involved) _involvedObject.Remove(involved, obj.Key);
        }

        public void Replace(StoredObject before, StoredObject after)
        {
            Remove(before);
            Add(after);
        }

        public ObjectIndexes Build() => new(_namespace.Build(), _ownerUid.Build(), _nodeName.Build(), _involvedObject.Build());
    }

    private sealed class IndexBuilder(ImmutableDictionary<string, Objects> start)
    {
        private Dictionary<string, Objects.Builder>? _touched;

        public void Add(string value, StoredObject obj) => Touch(value)[obj.Key] = obj;

        public void Remove(string value, ObjectKey key) => Touch(value).Remove(key);

        public ImmutableDictionary<string, Objects> Build()
        {
            if (_touched is null) return start;
            var values = start.ToBuilder();
            foreach (var (value, objects) in _touched)
            {
                if (objects.Count == 0) values.Remove(value);
                else values[value] = objects.ToImmutable();
            }
            return values.ToImmutable();
        }

        private Objects.Builder Touch(string value)
        {
            _touched ??= [];
            if (!_touched.TryGetValue(value, out var builder))
                _touched[value] = builder = start.GetValueOrDefault(value, Objects.Empty).ToBuilder();
            return builder;
        }
    }
}
