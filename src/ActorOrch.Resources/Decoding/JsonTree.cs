using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace ActorOrch.Resources;

/// <summary>
/// Reads JSON into nodes. Of a field given twice the last wins and the fact is reported. Numbers keep their text, so that they
/// read as any number type that holds them.
/// </summary>
internal static class JsonTree
{
    /// <summary>How deep documents may nest; what the readers of stored objects take.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Throws <see cref="DecodingException"/> with the words of Go's JSON package.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> json, StrictErrorList errors)
    {
        JsonElement root;
        try
        {
            // Invalid UTF-8 becomes U+FFFD, as Go has it.
            root = Utf8.IsValid(json) ? JsonElement.Parse(json, Options) : JsonElement.Parse(Encoding.UTF8.GetString(json), Options);
        }
        catch (JsonException)
        {
            throw new DecodingException(GoJsonSyntax.ErrorOf(json) ?? "exceeded max depth");
        }
        try
        {
            return Build(root, new(errors));
        }
        catch (InvalidOperationException)
        {
            throw new DecodingException("invalid character in string literal: half of a surrogate pair");
        }
    }

    /// <summary>Whether a node that was not parsed (a patch's result) nests no deeper than documents may, standing at <paramref name="depth"/>.</summary>
    public static bool Fits(JsonNode? node, int depth)
    {
        if (depth > MaxDepth) return false;
        switch (node)
        {
            case JsonObject map:
                for (var i = 0; i < map.Count; i++)
                    if (!Fits(map.GetAt(i).Value, depth + 1)) return false;
                return true;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    if (!Fits(list[i], depth + 1)) return false;
                return true;
            default:
                return true;
        }
    }

    private static JsonNode? Build(JsonElement element, DocumentPath path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    var name = property.Name;
                    path.Push(name);
                    var value = Build(property.Value, path);
                    if (map.ContainsKey(name)) path.Report("duplicate");
                    map[name] = value;
                    path.Pop();
                }
                return map;
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (var item in element.EnumerateArray())
                {
                    path.Push(list.Count);
                    list.Add(Build(item, path));
                    path.Pop();
                }
                return list;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString()!);
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return null;
            default:
                return JsonValue.Create(element);
        }
    }
}
