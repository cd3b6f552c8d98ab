using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using k8s.Models;

namespace ActorOrch.Resources.Schemas;

/// <summary>Reads schemas in OpenAPI v3 as CustomResourceDefinitions have them, with Kubernetes' extensions.</summary>
internal static class StructuralSchema
{
    /// <summary>The schema of a kind's objects. Where nobody says what they hold, all of it is kept.</summary>
    /// <param name="schema">The <c>openAPIV3Schema</c> of a definition; may be absent.</param>
    public static Schema Read(Field schema, string kind)
    {
        using var open = JsonDocument.Parse("""{"type":"object","x-kubernetes-preserve-unknown-fields":true}""");
        return Object(schema.Node is JsonObject node ? JsonSerializer.SerializeToElement(node) : open.RootElement.Clone(), kind, isResource: true);
    }

    private static Schema Of(JsonElement source, string name)
    {
        if (source.ValueKind != JsonValueKind.Object) return Value(SchemaKind.Any, name, source);
        if (Flag(source, "x-kubernetes-int-or-string")) return Value(SchemaKind.IntOrString, name, source);
        return Text(source, "type") switch
        {
            "object" when !source.TryGetProperty("properties", out _) && source.TryGetProperty("additionalProperties", out var values) && values.ValueKind != JsonValueKind.False =>
                Value(SchemaKind.Map, name, source, Of(values, name)),
            "object" => Object(source, name, Flag(source, "x-kubernetes-embedded-resource")),
            "array" => Value(SchemaKind.List, name, source, Of(source.TryGetProperty("items", out var items) ? items : default, name)),
            "string" => Value(SchemaKind.String, name, source),
            "boolean" => Value(SchemaKind.Boolean, name, source),
            "integer" => Value(Text(source, "format") == "int32" ? SchemaKind.Int32 : SchemaKind.Int64, name, source),
            "number" => Value(SchemaKind.Double, name, source),
            _ => Value(SchemaKind.Any, name, source),
        };
    }

    /// <param name="isResource">Whether it has an apiVersion, a kind and metadata, whether or not the schema says so.</param>
    private static Schema Object(JsonElement source, string name, bool isResource) =>
        new(SchemaKind.Object, name, source, fields: () => Fields(source, isResource))
        {
            IsResource = isResource,
            Open = Flag(source, "x-kubernetes-preserve-unknown-fields"),
            IsNullable = Flag(source, "nullable"),
            IsAtomic = Text(source, "x-kubernetes-map-type") == "atomic",
            Rule = RuleOf(source),
        };

    private static Schema Value(SchemaKind kind, string name, JsonElement source, Schema? element = null) =>
        new(kind, name, source, element) { IsNullable = Flag(source, "nullable"), Rule = RuleOf(source) };

    private static FrozenDictionary<string, SchemaField> Fields(JsonElement source, bool isResource)
    {
        var fields = new Dictionary<string, SchemaField>(StringComparer.Ordinal);
        if (source.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
            foreach (var property in properties.EnumerateObject())
            {
                var type = Of(property.Value, property.Name);
                fields[property.Name] = new(property.Name, type, type.Rule) { KeyDefault = type.HasDefault ? Text(property.Value, "default") : null };
            }
        if (isResource)
        {
            var text = Schema.Of(typeof(V1ObjectReference)).Fields["kind"].Type;
            fields["apiVersion"] = new("apiVersion", text, PatchRule.None);
            fields["kind"] = new("kind", text, PatchRule.None);
            fields["metadata"] = new("metadata", Schema.Of(typeof(V1ObjectMeta)), PatchRule.None);
        }
        return fields.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static PatchRule RuleOf(JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object) return PatchRule.None;
        var listType = Text(source, "x-kubernetes-list-type");
        var keys = listType == "map" && source.TryGetProperty("x-kubernetes-list-map-keys", out var named) && named.ValueKind == JsonValueKind.Array
            ? named.EnumerateArray().Select(k => k.GetString() ?? "").ToArray()
            : [];
        var strategy = PatchStrategy.None;
        foreach (var word in (Text(source, "x-kubernetes-patch-strategy") ?? "").Split(','))
            strategy |= word switch
            {
                "merge" => PatchStrategy.Merge,
                "retainKeys" => PatchStrategy.RetainKeys,
                "replace" => PatchStrategy.Replace,
                _ => PatchStrategy.None,
            };
        var mergeKey = Text(source, "x-kubernetes-patch-merge-key");
        var isAtomicMap = Text(source, "x-kubernetes-map-type") == "atomic";
        return strategy == PatchStrategy.None && mergeKey is null && keys.Length == 0 && listType != "set" && !isAtomicMap
            ? PatchRule.None
            : new(strategy, mergeKey, keys) { IsSet = listType == "set", IsAtomicMap = isAtomicMap };
    }

    private static bool Flag(JsonElement source, string name) =>
        source.ValueKind == JsonValueKind.Object && source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement source, string name) =>
        source.ValueKind == JsonValueKind.Object && source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
