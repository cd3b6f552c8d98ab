using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

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

    /// <summary>A stored document in the version that is served; <paramref name="document"/> itself, changed where it has to be.</summary>
    public static JsonObject FromStorage(this ResourceType served, JsonObject document)
    {
        if (served.Conversion is not { } conversion) return document;
        conversion.FromStorage(document);
        SetKind(document, served);
        return document;
    }

    /// <summary>A stored object as it is served.</summary>
    public static StoredObject FromStorage(this ResourceType served, StoredObject stored)
    {
        if (served.Conversion is null || stored.IsIn(served)) return stored;
        var document = served.FromStorage(stored.ToJson());
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
