using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Testing;

/// <summary>All collections in memory, for tests.</summary>
public sealed class InMemoryRegistry : IRegistry
{
    private readonly Dictionary<ResourceType, InMemoryCollection> _collections;

    public InMemoryRegistry(params IReadOnlyList<ResourceType> types)
    {
        Types = types.Count > 0 ? types : BuiltIn.All;
        _collections = Types.ToDictionary(t => t, t => new InMemoryCollection(t));
    }

    public ICollection this[ResourceType type] => _collections[type.Storage];

    public IReadOnlyList<ResourceType> Types { get; }

    /// <summary>The collection with its test controls.</summary>
    public InMemoryCollection Of(ResourceType type) => _collections[type.Storage];

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
