using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using k8s;

namespace ActorOrch.Resources.Objects;

/// <summary>
/// An object as it is stored at one revision: its bytes, copied as they are into every answer, and what is read out of them on demand
/// and kept for a while. Immutable; the typed model that <see cref="As{T}"/> returns is shared and must not be changed by the caller.
/// </summary>
public sealed class StoredObject
{
    private ReadParts? _read;
    private object? _complete;

    public StoredObject(ResourceId resource, ObjectKey key, long revision, byte[] json)
    {
        Resource = resource;
        Key = key;
        Revision = revision;
        Json = json;
    }

    /// <summary>Of which kind it is. What that kind is now, the <see cref="Catalogue"/> says.</summary>
    public ResourceId Resource { get; }

    public ObjectKey Key { get; }

    /// <summary>The collection's revision at which this version was committed; <c>metadata.resourceVersion</c> in the bytes.</summary>
    public long Revision { get; }

    /// <summary>UTF-8 JSON, complete. Never changed after construction.</summary>
    public byte[] Json { get; }

    public ObjectMeta Meta
    {
        get
        {
            if (_read?.Meta is { } known) return known;
            var meta = ObjectMeta.Parse(Json);
            if (Keep() is { } read) read.Meta = meta;
            return meta;
        }
    }

    public string Uid => Meta.Uid;

    /// <summary>Whether the bytes hold a field's name in its quotes, at whatever place: a quick no to what would have to be read.</summary>
    public bool Mentions(ReadOnlySpan<byte> quotedName) => Json.AsSpan().IndexOf(quotedName) >= 0;

    /// <summary>Whether the bytes are in a version as they are.</summary>
    public bool IsIn(ResourceType version) => Json.AsSpan().StartsWith(version.JsonStart) || Meta.ApiVersion == version.ApiVersion;

    /// <summary>Whether somebody has found that nothing is missing for which a schema has a default.</summary>
    internal bool IsComplete(object schema) => ReferenceEquals(_complete, schema);

    /// <summary>Notes that for <see cref="IsComplete"/>. The last schema is remembered.</summary>
    internal void SetComplete(object schema) => _complete = schema;

    /// <summary>The typed model, parsed once while anyone holds it.</summary>
    public T As<T>() where T : class
    {
        if (_read?.Model is { } weak && weak.TryGetTarget(out var cached)) return (T)cached;
        var model = Model.Parse<T>(Json);
        if (Keep() is { } read) read.Model = new(model);
        return model;
    }

    /// <summary>What <paramref name="read"/> makes of the object, read once in a while. Facts of one type an object: the last asked for are kept.</summary>
    public T Facts<T>(Func<StoredObject, T> read) where T : class
    {
        if (_read?.Facts is T known) return known;
        var facts = read(this);
        if (Keep() is { } kept) kept.Facts = facts;
        return facts;
    }

    /// <summary>A fresh mutable document of the caller's own.</summary>
    public JsonObject ToJson() => JsonNode.Parse(Json)!.AsObject();

    /// <summary>Reads key and revision from complete bytes.</summary>
    public static StoredObject FromJson(ResourceId resource, byte[] json)
    {
        var meta = ObjectMeta.Parse(json);
        return new(resource, new(meta.Namespace, meta.Name), meta.Revision, json);
    }

    /// <summary>Drops what was read.</summary>
    internal void Forget() => _read = null;

    /// <summary>Where to keep what was read; null where it is not kept.</summary>
    private ReadParts? Keep()
    {
        if (_read is { } known) return known;
        // In this order: who takes this object's place from here on makes it forget.
        var read = _read = new();
        if (RecentlyRead.TryAdd(this)) return read;
        Forget();
        return null;
    }

    public override string ToString() => $"{Resource} {Key} @{Revision}";

    private sealed class ReadParts
    {
        public ObjectMeta? Meta;
        public object? Facts;
        public WeakReference<object>? Model;
    }
}

/// <summary>Between the typed models of the KubernetesClient package and JSON.</summary>
public static class Model
{
    public static T Parse<T>(ReadOnlySpan<byte> json) where T : class => KubernetesJson.Deserialize<T>(Encoding.UTF8.GetString(json));

    public static T Parse<T>(JsonNode json) where T : class => KubernetesJson.Deserialize<T>(json);

    public static JsonObject ToJson(object model) => JsonNode.Parse(KubernetesJson.Serialize(model))!.AsObject();
}
