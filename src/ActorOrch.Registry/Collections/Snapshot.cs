using ActorOrch.Registry.Collections.Tree;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections;

/// <summary>A collection at one revision. Immutable; neighbouring snapshots share their structure.</summary>
public sealed class Snapshot
{
    /// <summary>A collection that nothing was ever written to. Its revision is 1, because clients take "0" for "any": a watch could not go on from it.</summary>
    public static readonly Snapshot Empty = new(1, ObjectTree.Empty, ObjectIndexes.Empty);

    private ObjectIndexes? _indexes;

    /// <summary>A snapshot whose indexes are built when first asked for.</summary>
    public Snapshot(long revision, ObjectTree objects)
    {
        Revision = revision;
        Objects = objects;
    }

    internal Snapshot(long revision, ObjectTree objects, ObjectIndexes indexes) : this(revision, objects) => _indexes = indexes;

    /// <summary>The revision of the last change in it; what a list answers as <c>metadata.resourceVersion</c>.</summary>
    public long Revision { get; }

    /// <summary>All objects, by namespace and name.</summary>
    public ObjectTree Objects { get; }

    public int Count => Objects.Count;

    internal ObjectIndexes Indexes => _indexes ??= ObjectIndexes.Of([.. Objects.Values]);

    public StoredObject? Get(ObjectKey key) => Objects.Find(key);

    /// <summary>All objects of a namespace, or of all where it is null or empty.</summary>
    public ObjectTree Within(string? @namespace) => string.IsNullOrEmpty(@namespace) ? Objects : With(Collections.Indexes.Namespace, @namespace);

    /// <summary>All objects of a namespace, or of all where it is null or empty, in order.</summary>
    public IEnumerable<StoredObject> List(string? @namespace = null) => Within(@namespace).Values;

    /// <summary>Objects by an indexed value; see <see cref="Collections.Indexes"/>.</summary>
    public ObjectTree With(string index, string value) => Indexes.Find(index, value);

    /// <summary>Objects by an indexed value, in order; see <see cref="Collections.Indexes"/>.</summary>
    public IReadOnlyList<StoredObject> Lookup(string index, string value)
    {
        var found = With(index, value);
        if (found.Count == 0) return [];
        var objects = new StoredObject[found.Count];
        var i = 0;
        foreach (var obj in found.Values) objects[i++] = obj;
        return objects;
    }
}
