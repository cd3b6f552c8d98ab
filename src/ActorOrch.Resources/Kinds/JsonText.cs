using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds;

/// <summary>Reads one value out of an encoded object without parsing the rest: field selectors run on every object of a list.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value at the path as text: a string, <c>true</c>, a number; empty where there is none.</summary>
    public static string At(ReadOnlySpan<byte> json, params ReadOnlySpan<string> path)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read()) return "";
        foreach (var name in path)
            if (!MoveTo(ref reader, name)) return "";
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
    }

    /// <summary>A node as compact JSON, with no more escapes than JSON asks for.</summary>
    public static string Of(JsonNode node) => node.ToJsonString(Plain);

    /// <summary>A reader of field selectors for one path.</summary>
    public static Func<StoredObject, string> Reader(params string[] path) => obj => At(obj.Json, path);

    /// <summary>Likewise, where an absent value reads as <paramref name="absent"/>.</summary>
    public static Func<StoredObject, string> ReaderOr(string absent, params string[] path) =>
        obj => At(obj.Json, path) is { Length: > 0 } text ? text : absent;

    private static bool MoveTo(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }
        return false;
    }
}
