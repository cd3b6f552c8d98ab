using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Versions;

/// <summary>
/// From the version of a request to the one that is stored and back; the only place where versions meet. Where the two are one, documents and
/// bytes pass as they are.
/// </summary>
public static class VersionConversions
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document in the version that is stored; <paramref name="document"/> itself, changed where it has to be. Throws <see cref="ApiException"/> 422.</summary>
    public static JsonObject ToStorage(this ResourceType served, JsonObject document)
    {
        if (served.Conversion is not { } conversion) return document;
        conversion.ToStorage(document);
        SetKind(document, served.Storage);
        return document;
    }

    /// <summary>
    /// A stored document in the version that is served; <paramref name="document"/> itself, changed where it has to be. What the version's schema has come to
    /// have a default for since it was stored is filled in.
    /// </summary>
    public static JsonObject FromStorage(this ResourceType served, JsonObject document)
    {
        if (served.Conversion is { } conversion)
        {
            conversion.FromStorage(document);
            SetKind(document, served);
        }
        if (served.Schema is { HasDefaults: true } schema) SchemaDefaults.Apply(document, schema);
        return document;
    }

    /// <summary>A stored object as it is served.</summary>
    public static StoredObject FromStorage(this ResourceType served, StoredObject stored)
    {
        if (served.Conversion is null || stored.IsIn(served))
        {
            if (served.Schema is not { HasDefaults: true } schema || stored.IsComplete(schema)) return stored;
            var complete = stored.ToJson();
            if (SchemaDefaults.Apply(complete, schema)) return Encode(stored, complete);
            stored.SetComplete(schema);
            return stored;
        }
        return Encode(stored, served.FromStorage(stored.ToJson()));
    }

    private static StoredObject Encode(StoredObject stored, JsonObject document)
    {
        var whole = new JsonObject();
        // As stored objects begin.
        foreach (var name in (string[])["apiVersion", "kind", "metadata"]) Move(document, whole, name);
        foreach (var (name, _) in document.ToArray()) Move(document, whole, name);
        return new(stored.Resource, stored.Key, stored.Revision, JsonSerializer.SerializeToUtf8Bytes(whole, Compact));
    }

    internal static void Move(JsonObject from, JsonObject to, string name, string? newName = null)
    {
        if (!from.Remove(name, out var value) || value is null) return;
        to[newName ?? name] = value;
    }

    private static void SetKind(JsonObject document, ResourceType type)
    {
        document["apiVersion"] = type.ApiVersion;
        document["kind"] = type.Kind;
    }
}
