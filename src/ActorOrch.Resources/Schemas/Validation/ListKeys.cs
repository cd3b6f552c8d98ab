using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>In lists that are sets or maps (<c>x-kubernetes-list-type</c>) each element, or its keys, stands once. Pure.</summary>
internal static class ListKeys
{
    public static void Check(Field value, Schema schema, FieldErrors errors)
    {
        switch (value.Node)
        {
            case JsonObject when schema is { Kind: SchemaKind.Map, Element: { } element }:
                foreach (var (_, entry) in value.Entries) Check(entry, element, errors);
                break;
            case JsonObject obj when schema.Kind == SchemaKind.Object:
                foreach (var (name, _) in obj)
                    if (schema.TryGetField(name, out var field) && field.Type.Source is not null) Check(value[name], field.Type, errors);
                break;
            case JsonArray list when schema is { Kind: SchemaKind.List, Element: { } element }:
                if (schema.Rule.IsSet) CheckOnce(value, [.. list], errors);
                else if (schema.Rule.ListKeys.Count > 0) CheckMap(value, list, schema.Rule.ListKeys, errors);
                foreach (var item in value.Items) Check(item, element, errors);
                break;
        }
    }

    private static void CheckMap(Field value, JsonArray list, IReadOnlyList<string> keys, FieldErrors errors)
    {
        foreach (var item in value.Items)
            if (item.Node is not (null or JsonObject))
            {
                errors.Invalid(item, "must be an object for an array of list-type map");
                return;
            }
        CheckOnce(value, [.. list.Select(item => Keys(item as JsonObject, keys))], errors);
    }

    private static JsonObject Keys(JsonObject? item, IReadOnlyList<string> keys)
    {
        var named = new JsonObject();
        foreach (var key in keys)
            if (item is not null && item.TryGetPropertyValue(key, out var value)) named[key] = value?.DeepClone();
        return named;
    }

    // However often one stands there again, it is told once.
    private static void CheckOnce(Field value, IReadOnlyList<JsonNode?> elements, FieldErrors errors)
    {
        if (elements.Count < 2) return;
        var times = new Dictionary<string, int>(elements.Count, StringComparer.Ordinal);
        var at = 0;
        foreach (var item in value.Items)
        {
            var element = elements[at++];
            var text = Canonical(element);
            var before = times.GetValueOrDefault(text);
            times[text] = before + 1;
            if (before == 1) errors.Duplicate(item, element);
        }
    }

    // The order of fields is none of the value.
    private static string Canonical(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject obj => $"{{{string.Join(',', obj.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{JsonValue.Create(f.Key).ToJsonString()}:{Canonical(f.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Canonical))}]",
        _ => node.ToJsonString(),
    };
}
