using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Schemas;

/// <summary>Fills in what a document leaves out and a schema from OpenAPI v3 has a default for.</summary>
internal static class SchemaDefaults
{
    public static void Apply(JsonObject document, Schema schema)
    {
        foreach (var field in schema.Fields.Values)
        {
            if (field.Type.Source is null) continue;
            if (!document.TryGetPropertyValue(field.Name, out var value) || (value is null && !field.Type.IsNullable))
            {
                if (!field.Type.HasDefault) continue;
                document[field.Name] = value = field.Type.NewDefault();
            }
            Within(value, field.Type);
        }
    }

    private static void Within(JsonNode? value, Schema schema)
    {
        switch (schema.Kind, value)
        {
            case (SchemaKind.Object, JsonObject obj):
                Apply(obj, schema);
                break;
            case (SchemaKind.Map, JsonObject map):
                foreach (var (_, entry) in map) Within(entry, schema.Element!);
                break;
            case (SchemaKind.List, JsonArray list):
                foreach (var item in list) Within(item, schema.Element!);
                break;
        }
    }
}
