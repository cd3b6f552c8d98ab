using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>What may be asked of an object whose kind the caller does not know.</summary>
public static class ObjectApiExtensions
{
    /// <summary>As <see cref="IObjectApi.ModifyAsync(ResourceType, ObjectKey, Func{JsonObject, bool}, WriteOptions, CancellationToken)"/>; null also where its kind is gone.</summary>
    public static Task<StoredObject?> ModifyAsync(
        this IObjectApi api, StoredObject obj, Func<JsonObject, bool> change, WriteOptions options, CancellationToken cancel = default) =>
        api.Registry.TypeOf(obj) is { } type ? api.ModifyAsync(type, obj.Key, change, options, cancel) : Task.FromResult<StoredObject?>(null);
}
