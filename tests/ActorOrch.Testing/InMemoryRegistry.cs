using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Testing;

/// <summary>All collections in memory, for tests.</summary>
public sealed class InMemoryRegistry : IRegistry
{
    private readonly ConcurrentDictionary<ResourceId, InMemoryCollection> _collections = [];

    public InMemoryRegistry(params IReadOnlyList<ResourceType> types)
    {
        Catalogue = new(types.Count > 0 ? types : BuiltIn.All);
        foreach (var type in Catalogue.Current.Stored) _collections[type] = new(type) { Spanning = Spanning };
    }

    public SpanningIndex Spanning { get; } = new();

    public ICollection this[ResourceId resource] => _collections[resource];

    public Catalogue Catalogue { get; }

    public IReadOnlyList<ResourceType> Types => Catalogue.Current.Stored;

    /// <summary>Adds a kind, or puts another definition in place of the one that is known.</summary>
    public void Define(ResourceType type)
    {
        _collections.GetOrAdd(type, _ => new(type) { Spanning = Spanning });
        Catalogue.Replace([.. Types.Where(t => t.Id != type.Id), type]);
    }

    /// <summary>Takes a kind out, with its objects.</summary>
    public void Undefine(ResourceType type)
    {
        Catalogue.Replace([.. Types.Where(t => t.Id != type.Id)]);
        _collections.TryRemove(type, out _);
    }

    /// <summary>The collection with its test controls.</summary>
    public InMemoryCollection Of(ResourceType type) => _collections[type];

    /// <summary>Stores an object as it is, past defaulting, admission and validation; creates or replaces.</summary>
    public async Task<StoredObject> PutAsync(ResourceType type, JsonObject obj)
    {
        var collection = this[type];
        var metadata = obj["metadata"]!.AsObject();
        metadata["uid"] ??= Guid.NewGuid().ToString();
        obj["apiVersion"] ??= type.ApiVersion;
        obj["kind"] ??= type.Kind;
        var draft = ObjectDraft.Encode(obj);
        var current = collection.Latest.Get(draft.Key);
        var result = await collection.WriteAsync(current is null ? new Write.Create(draft) : new Write.Replace(draft, current.Revision));
        return result.Object ?? throw new InvalidOperationException($"{type} {draft.Key}: {result.Outcome}");
    }

    /// <summary>Stores a typed model.</summary>
    public Task<StoredObject> PutAsync(ResourceType type, object model) => PutAsync(type, Model.ToJson(model));

    /// <summary>Removes an object if it is there.</summary>
    public async Task RemoveAsync(ResourceType type, ObjectKey key)
    {
        if (this[type].Latest.Get(key) is { } current) await this[type].WriteAsync(new Write.Remove(key, current.Revision));
    }
}
