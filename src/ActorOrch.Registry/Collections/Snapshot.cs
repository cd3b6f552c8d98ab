using System.Collections.Immutable;
using ActorOrch.Resources;

namespace ActorOrch.Registry;

/// <summary>A collection at one revision. Immutable; neighbouring snapshots share their structure.</summary>
public sealed class Snapshot(long revision, ImmutableSortedDictionary<ObjectKey, StoredObject> objects)
{
    public static readonly Snapshot Empty = new(0, ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty);

    /// <summary>The revision of the last change in it; what a list answers as <c>metadata.resourceVersion</c>.</summary>
    public long Revision { get; } = revision;

    /// <summary>All objects, by namespace and name.</summary>
    public ImmutableSortedDictionary<ObjectKey, StoredObject> Objects { get; } = objects;

    public int Count => Objects.Count;

    public StoredObject? Get(ObjectKey key) => Objects.GetValueOrDefault(key);

    /// <summary>All objects of a namespace, or of all where it is null or empty, in order.</summary>
    public IEnumerable<StoredObject> List(string? @namespace = null) =>
        string.IsNullOrEmpty(@namespace) ? Objects.Values : Objects.Values.Where(o => o.Key.Namespace == @namespace);
}
