using System.Text.Json;

namespace ActorOrch.Resources.Objects;

/// <summary>Reads fields of documents that are not decoded into models; one of another kind counts as missing.</summary>
public static class JsonReading
{
    /// <summary>Empty where there is none.</summary>
    public static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>0 where there is none.</summary>
    public static int Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    /// <summary>Null where there is none.</summary>
    public static JsonElement? Object(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>Nothing where there is no list.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
}
