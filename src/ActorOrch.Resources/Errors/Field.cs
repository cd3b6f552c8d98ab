using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Errors;

/// <summary>A place in a document: the node there, if any, and the path that errors name it by (<c>spec.containers[0].image</c>).</summary>
public readonly record struct Field
{
    private readonly FieldPath _path;

    public Field(JsonNode? node, string path) : this(node, new FieldPath(null, path, isKey: false)) { }

    private Field(JsonNode? node, FieldPath path)
    {
        Node = node;
        _path = path;
    }

    public JsonNode? Node { get; init; }

    /// <summary>Written out only when it is asked for: most fields are right.</summary>
    public string Path
    {
        get => _path.ToString();
        init => _path = new(null, value, isKey: false);
    }

    public static Field Root(JsonNode? document) => new(document, FieldPath.Root);

    public Field this[string name] => new((Node as JsonObject)?[name], new FieldPath(_path, name, isKey: false));

    /// <summary>An entry of a map, named as <c>path[key]</c>.</summary>
    public Field Key(string key) => new((Node as JsonObject)?[key], new FieldPath(_path, key, isKey: true));

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
    public IEnumerable<Field> Items => Node is JsonArray { Count: > 0 } array ? ItemsOf(array, _path) : [];

    /// <summary>The entries of the map here, each with its key.</summary>
    public IEnumerable<(string Key, Field Value)> Entries => Node is JsonObject { Count: > 0 } map ? EntriesOf(map, _path) : [];

    private static IEnumerable<Field> ItemsOf(JsonArray array, FieldPath path)
    {
        for (var i = 0; i < array.Count; i++) yield return new(array[i], new FieldPath(path, i));
    }

    private static IEnumerable<(string Key, Field Value)> EntriesOf(JsonObject map, FieldPath path)
    {
        foreach (var (key, value) in map) yield return (key, new(value, new FieldPath(path, key, isKey: true)));
    }
}
