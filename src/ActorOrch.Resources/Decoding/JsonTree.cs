using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace ActorOrch.Resources.Decoding;

/// <summary>
/// Reads JSON into nodes. Of a field given twice the last wins and the fact is reported. Numbers keep their text, so that they
/// read as any number type that holds them.
/// </summary>
internal static class JsonTree
{
    /// <summary>How deep documents may nest; what the readers of stored objects take.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Throws <see cref="DecodingException"/> with the words of Go's JSON package, 413 for too many values.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> json, StrictErrorList errors) => Parse(json, errors, new());

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, StrictErrorList)"/>
    /// <param name="count">Of the document that this is part of.</param>
    public static JsonNode? Parse(ReadOnlySpan<byte> json, StrictErrorList errors, NodeCount count)
    {
        // Invalid UTF-8 becomes U+FFFD, as Go has it.
        if (!Utf8.IsValid(json)) json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            reader.Read();
            var root = Build(ref reader, new(errors), count);
            // Throws where anything follows.
            reader.Read();
            return root;
        }
        catch (JsonException)
        {
            throw new DecodingException(GoJsonSyntax.ErrorOf(json) ?? "exceeded max depth");
        }
        catch (InvalidOperationException)
        {
            throw new DecodingException(GoJsonSyntax.ErrorOf(json) ?? "invalid character in string literal: half of a surrogate pair");
        }
    }

    /// <summary>Whether a node that was not parsed (a patch's result) nests no deeper than documents may, standing at <paramref name="depth"/>.</summary>
    public static bool Fits(JsonNode? node, int depth) => Fits(node, depth, out _);

    /// <inheritdoc cref="Fits(JsonNode?, int)"/>
    /// <param name="nodes">How many were looked at.</param>
    public static bool Fits(JsonNode? node, int depth, out int nodes)
    {
        nodes = 0;
        return Walk(node, depth, ref nodes);
    }

    private static bool Walk(JsonNode? node, int depth, ref int nodes)
    {
        nodes++;
        if (depth > MaxDepth) return false;
        switch (node)
        {
            case JsonObject map:
                for (var i = 0; i < map.Count; i++)
                    if (!Walk(map.GetAt(i).Value, depth + 1, ref nodes)) return false;
                return true;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    if (!Walk(list[i], depth + 1, ref nodes)) return false;
                return true;
            default:
                return true;
        }
    }

    private static JsonNode? Build(ref Utf8JsonReader reader, DocumentPath path, NodeCount count)
    {
        count.Add();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return BuildMap(ref reader, path, count);
            case JsonTokenType.StartArray:
                return BuildList(ref reader, path, count);
            case JsonTokenType.String:
                return JsonValue.Create(reader.GetString()!);
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(reader.GetBoolean());
            default:
                return JsonValue.Create(JsonElement.ParseValue(ref reader));
        }
    }

    private static JsonObject BuildMap(ref Utf8JsonReader reader, DocumentPath path, NodeCount count)
    {
        var map = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            path.Push(name);
            reader.Read();
            var value = Build(ref reader, path, count);
            if (!map.TryAdd(name, value))
            {
                path.Report("duplicate");
                map[name] = value;
            }
            path.Pop();
        }
        return map;
    }

    private static JsonArray BuildList(ref Utf8JsonReader reader, DocumentPath path, NodeCount count)
    {
        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            path.Push(list.Count);
            list.Add(Build(ref reader, path, count));
            path.Pop();
        }
        return list;
    }
}
