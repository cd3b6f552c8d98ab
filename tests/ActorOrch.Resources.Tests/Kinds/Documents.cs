using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Tests.Kinds;

/// <summary>Takes documents the way that the API takes them: prepared, defaulted, validated.</summary>
internal static class Documents
{
    public static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>The document as it would be stored.</summary>
    public static JsonObject Created(ResourceType type, string json)
    {
        var obj = Parse(json);
        var metadata = obj["metadata"] as JsonObject;
        if (metadata is null) obj["metadata"] = metadata = [];
        metadata["name"] ??= "a";
        if (type.Namespaced) metadata["namespace"] ??= "default";
        type.Rules.PrepareForCreate(obj);
        type.Rules.Default(obj);
        return obj;
    }

    public static IReadOnlyList<string> ErrorsOfCreate(ResourceType type, string json) => ErrorsOfCreate(type, Created(type, json));

    public static IReadOnlyList<string> ErrorsOfCreate(ResourceType type, JsonObject obj)
    {
        var errors = new FieldErrors();
        ObjectMetaValidation.Validate(type, Field.Root(obj), errors);
        type.Rules.Validate(Field.Root(obj), errors);
        type.Rules.ValidateCreate(Field.Root(obj), errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    /// <summary>What is wrong with an update that changes the stored document so.</summary>
    public static IReadOnlyList<string> ErrorsOfUpdate(ResourceType type, JsonObject old, Action<JsonObject> change)
    {
        var obj = Updated(type, old, change);
        var errors = new FieldErrors();
        ObjectMetaValidation.Validate(type, Field.Root(obj), errors);
        ObjectMetaValidation.ValidateUpdate(Field.Root(obj), Field.Root(old), errors);
        type.Rules.Validate(Field.Root(obj), errors);
        type.Rules.ValidateUpdate(Field.Root(obj), Field.Root(old), errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    public static JsonObject Updated(ResourceType type, JsonObject old, Action<JsonObject> change)
    {
        var obj = (JsonObject)old.DeepClone();
        change(obj);
        type.Rules.PrepareForUpdate(obj, old);
        type.Rules.Default(obj);
        return obj;
    }

    public static StoredObject Stored(ResourceType type, string json) => StoredObject.FromJson(type, Encoding.UTF8.GetBytes(json));
}
