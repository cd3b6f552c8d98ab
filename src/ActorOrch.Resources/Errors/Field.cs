using System.Text.Json.Nodes;

namespace ActorOrch.Resources;

/// <summary>A place in a document: the node there, if any, and the path that errors name it by (<c>spec.containers[0].image</c>).</summary>
public readonly record struct Field(JsonNode? Node, string Path)
{
    public static Field Root(JsonNode? document) => new(document, "");

    public Field this[string name] =>
        new((Node as JsonObject)?[name], Path.Length == 0 ? name : $"{Path}.{name}");

    /// <summary>An entry of a map, named as <c>path[key]</c>.</summary>
    public Field Key(string key) => new((Node as JsonObject)?[key], $"{Path}[{key}]");

    public bool Exists => Node is not null;

    /// <summary>The string here; empty where there is none.</summary>
    public string Text => Node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>The whole number here, however the document holds it: parsed text, or an int or long that code put there.</summary>
    public long? Integer => Node is not JsonValue value ? null
        : value.TryGetValue<long>(out var number) ? number
        : value.TryGetValue<int>(out var small) ? small
        : null;

    public bool? Flag => Node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>The elements of the array here, each with its index in the path.</summary>
    public IEnumerable<Field> Items
    {
        get
        {
            if (Node is not JsonArray array) yield break;
            for (var i = 0; i < array.Count; i++) yield return new(array[i], $"{Path}[{i}]");
        }
    }

    /// <summary>The entries of the map here, each with its key.</summary>
    public IEnumerable<(string Key, Field Value)> Entries
    {
        get
        {
            if (Node is not JsonObject map) yield break;
            foreach (var (key, value) in map) yield return (key, new(value, $"{Path}[{key}]"));
        }
    }
}
