using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Schemas;

/// <summary>Fills in what a document leaves out and a schema from OpenAPI v3 has a default for.</summary>
internal static class SchemaDefaults
{
    /// <returns>Whether anything was missing.</returns>
    public static bool Apply(JsonObject document, Schema schema)
    {
        var changed = false;
        foreach (var field in schema.Fields.Values)
        {
            if (field.Type.Source is null || !field.Type.HasDefaults) continue;
            if (!document.TryGetPropertyValue(field.Name, out var value) || (value is null && !field.Type.IsNullable))
            {
                if (!field.Type.HasDefault) continue;
                document[field.Name] = value = field.Type.NewDefault();
                changed = true;
            }
            changed |= Within(value, field.Type);
        }
        return changed;
    }

    private static bool Within(JsonNode? value, Schema schema)
    {
        var changed = false;
        switch (schema.Kind, value)
        {
            case (SchemaKind.Object, JsonObject obj):
                changed = Apply(obj, schema);
                break;
            case (SchemaKind.Map, JsonObject map):
                foreach (var (_, entry) in map) changed |= Within(entry, schema.Element!);
                break;
            case (SchemaKind.List, JsonArray list):
                foreach (var item in list) changed |= Within(item, schema.Element!);
                break;
        }
        return changed;
    }
}
