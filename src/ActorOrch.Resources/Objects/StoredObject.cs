using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace ActorOrch.Resources;

/// <summary>
/// An object as it is stored at one revision: its bytes, copied as they are into every answer, and what is read out of them on demand.
/// Immutable; the typed model that <see cref="As{T}"/> returns is shared and must not be changed by the caller.
/// </summary>
public sealed class StoredObject
{
    private ObjectMeta? _meta;
    private WeakReference<object>? _model;

    public StoredObject(ResourceType type, ObjectKey key, long revision, byte[] json)
    {
        Type = type;
        Key = key;
        Revision = revision;
        Json = json;
    }

    public ResourceType Type { get; }
    public ObjectKey Key { get; }

    /// <summary>The collection's revision at which this version was committed; <c>metadata.resourceVersion</c> in the bytes.</summary>
    public long Revision { get; }

    /// <summary>UTF-8 JSON, complete. Never changed after construction.</summary>
    public byte[] Json { get; }

    public ObjectMeta Meta => _meta ??= ObjectMeta.Parse(Json);

    public string Uid => Meta.Uid;

    /// <summary>The typed model, parsed once while anyone holds it.</summary>
    public T As<T>() where T : class
    {
        if (_model is { } weak && weak.TryGetTarget(out var cached)) return (T)cached;
        var model = Model.Parse<T>(Json);
        _model = new(model);
        return model;
    }

    /// <summary>A fresh mutable document of the caller's own.</summary>
    public JsonObject ToJson() => JsonNode.Parse(Json)!.AsObject();

    /// <summary>Reads key and revision from complete bytes.</summary>
    public static StoredObject FromJson(ResourceType type, byte[] json)
    {
        var meta = ObjectMeta.Parse(json);
        return new(type, new(meta.Namespace, meta.Name), meta.Revision, json) { _meta = meta };
    }

    public override string ToString() => $"{Type.Collection} {Key} @{Revision}";
}

/// <summary>Between the typed models of the KubernetesClient package and JSON.</summary>
public static class Model
{
    public static T Parse<T>(ReadOnlySpan<byte> json) where T : class => KubernetesJson.Deserialize<T>(Encoding.UTF8.GetString(json));

    public static T Parse<T>(JsonNode json) where T : class => KubernetesJson.Deserialize<T>(json);

    public static JsonObject ToJson(object model) => JsonNode.Parse(KubernetesJson.Serialize(model))!.AsObject();
}
