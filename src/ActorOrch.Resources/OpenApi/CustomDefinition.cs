using System.Text.Json;
using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Resources.OpenApi;

/// <summary>
/// Writes the definition of a kind without a model: its schema as it was given, with what every object has. Swagger 2.0 has no words for some of OpenAPI v3;
/// there, as upstream, less is said rather than something else.
/// </summary>
internal sealed class CustomDefinition(Utf8JsonWriter writer, DefinitionWriter definitions)
{
    private static readonly string[] NotInV2 = ["allOf", "anyOf", "oneOf", "not", "nullable"];

    private bool V2 => definitions.Dialect == OpenApiDialect.V2;

    /// <summary>All members of the definition.</summary>
    public void Write(PublishedType published)
    {
        var type = published.Custom!;
        if (published.IsList) WriteList(type);
        else if (type.Schema?.Source is { } source) WriteObject(source, isResource: true);
        else writer.WriteString("type", "object");
        writer.WriteStartArray("x-kubernetes-group-version-kind");
        DefinitionWriter.WriteKind(writer, type.Group, type.Version, published.IsList ? type.ListKind : type.Kind);
        writer.WriteEndArray();
    }

    private void WriteList(ResourceType type)
    {
        writer.WriteString("type", "object");
        writer.WriteStartArray("required");
        writer.WriteStringValue("items");
        writer.WriteEndArray();
        writer.WriteStartObject("properties");
        WriteText("apiVersion");
        writer.WriteStartObject("items");
        writer.WriteString("type", "array");
        writer.WritePropertyName("items");
        definitions.WriteReference(PublishedType.Of(type), type.Group);
        writer.WriteEndObject();
        WriteText("kind");
        WriteModel("metadata", typeof(V1ListMeta));
        writer.WriteEndObject();
    }

    private void WriteObject(JsonElement schema, bool isResource)
    {
        var isNullable = Is(schema, "nullable");
        var isOpen = Is(schema, "x-kubernetes-preserve-unknown-fields");
        foreach (var member in schema.EnumerateObject())
        {
            if (V2 && NotInV2.Contains(member.Name)) continue;
            // kubectl takes null for a value of the wrong type, and what is not named for wrong.
            if (V2 && isNullable && member.Name is ("type" or "items" or "properties" or "additionalProperties" or "default" or "enum")) continue;
            if (V2 && isOpen && member.Name is ("items" or "properties" or "additionalProperties")) continue;
            if (isResource && member.Name == "properties") continue;
            WriteMember(member);
        }
        if (!isResource || (V2 && isNullable)) return;
        if (!schema.TryGetProperty("type", out _)) writer.WriteString("type", "object");
        WriteResourceProperties(schema, V2 && isOpen);
    }

    private void WriteMember(JsonProperty member)
    {
        switch (member.Name)
        {
            case "properties":
                writer.WriteStartObject("properties");
                foreach (var property in member.Value.EnumerateObject()) WriteNested(property);
                writer.WriteEndObject();
                break;
            case "items" or "additionalProperties" or "not" when member.Value.ValueKind == JsonValueKind.Object:
                WriteNested(member);
                break;
            default:
                member.WriteTo(writer);
                break;
        }
    }

    private void WriteNested(JsonProperty schema)
    {
        writer.WriteStartObject(schema.Name);
        if (schema.Value.ValueKind == JsonValueKind.Object) WriteObject(schema.Value, Is(schema.Value, "x-kubernetes-embedded-resource"));
        writer.WriteEndObject();
    }

    private void WriteResourceProperties(JsonElement schema, bool withoutOthers)
    {
        writer.WriteStartObject("properties");
        WriteText("apiVersion");
        WriteText("kind");
        WriteModel("metadata", typeof(V1ObjectMeta));
        if (!withoutOthers && schema.TryGetProperty("properties", out var properties))
            foreach (var property in properties.EnumerateObject())
                if (property.Name is not ("apiVersion" or "kind" or "metadata")) WriteNested(property);
        writer.WriteEndObject();
    }

    private void WriteText(string name)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type", "string");
        writer.WriteEndObject();
    }

    private void WriteModel(string name, Type model)
    {
        writer.WriteStartObject(name);
        definitions.WriteNested(model, "");
        writer.WriteEndObject();
    }

    private static bool Is(JsonElement schema, string flag) => schema.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.True;
}
