using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds;

/// <summary>Reads and fills in documents. What is absent, null, or of another type reads as nothing.</summary>
internal static class JsonEditing
{
    public static JsonObject? Find(this JsonObject obj, string name) => obj[name] as JsonObject;

    /// <summary>The object at <paramref name="name"/>, made where there is none.</summary>
    public static JsonObject Child(this JsonObject obj, string name)
    {
        if (obj[name] is JsonObject child) return child;
        child = [];
        obj[name] = child;
        return child;
    }

    /// <summary>The objects of the array at <paramref name="name"/>.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject obj, string name)
    {
        if (obj[name] is not JsonArray array) yield break;
        foreach (var item in array)
            if (item is JsonObject element) yield return element;
    }

    /// <summary>The string at <paramref name="name"/>; empty where there is none.</summary>
    public static string Text(this JsonObject obj, string name) => obj[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static long? Integer(this JsonObject obj, string name) => new Field(obj[name], "").Integer;

    public static bool Flag(this JsonObject obj, string name) => obj[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>Fills in a string that is absent or empty.</summary>
    public static void Default(this JsonObject obj, string name, string value)
    {
        if (obj[name] is null || (value.Length > 0 && IsEmptyString(obj[name]))) obj[name] = value;
    }

    /// <summary>Fills in a number that is absent.</summary>
    public static void Default(this JsonObject obj, string name, long value)
    {
        if (obj[name] is null) obj[name] = Number(value);
    }

    /// <summary>Fills in a flag that is absent.</summary>
    public static void Default(this JsonObject obj, string name, bool value)
    {
        if (obj[name] is null) obj[name] = value;
    }

    /// <summary>Fills in a number that is absent or zero: the models of such fields do not tell the two apart.</summary>
    public static void DefaultNonZero(this JsonObject obj, string name, long value)
    {
        if (obj[name] is null || obj.Integer(name) == 0) obj[name] = Number(value);
    }

    /// <summary>A number as a parsed document holds it: readers may take it as an int or as a long.</summary>
    public static JsonNode Number(long value) => JsonValue.Create(JsonSerializer.SerializeToElement(value))!;

    /// <summary>Removes fields. A document moves up all that stands behind a field that is removed: many are removed in one pass.</summary>
    public static void RemoveAll(this JsonObject obj, IReadOnlyCollection<string> names)
    {
        const int few = 4;
        if (names.Count <= few)
        {
            foreach (var name in names) obj.Remove(name);
            return;
        }
        var gone = names as IReadOnlySet<string> ?? names.ToHashSet();
        obj.RemoveWhere(gone.Contains);
    }

    /// <summary>Removes the fields of which <paramref name="gone"/> holds, in one pass.</summary>
    public static void RemoveWhere(this JsonObject obj, Func<string, bool> gone)
    {
        var kept = new List<KeyValuePair<string, JsonNode?>>(obj.Count);
        foreach (var field in obj)
            if (!gone(field.Key)) kept.Add(field);
        if (kept.Count == obj.Count) return;
        obj.Clear();
        foreach (var (name, value) in kept) obj.Add(name, value);
    }

    private static bool IsEmptyString(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0;
}
