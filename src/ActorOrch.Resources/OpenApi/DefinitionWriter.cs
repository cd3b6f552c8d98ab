using System.Text.Json;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.OpenApi;

/// <summary>Writes the schemas that a document refers to, and those that they refer to in turn.</summary>
internal sealed class DefinitionWriter(Utf8JsonWriter writer, OpenApiDialect dialect)
{
    private const string Machinery = "io.k8s.apimachinery.pkg.";

    private readonly SortedDictionary<string, Wanted> _wanted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = [];

    /// <summary>A definition that is referred to.</summary>
    /// <param name="Schema">Null for a kind without a model.</param>
    private sealed record Wanted(Schema? Schema, string Group, PublishedType Type = default);

    public OpenApiDialect Dialect => dialect;

    /// <summary>Writes <c>{"$ref": …}</c> to the definition of a type and sees to it that the document has it.</summary>
    public void WriteReference(PublishedType type, string group)
    {
        writer.WriteStartObject();
        WriteReferenceField(type.Model is { } model ? Name(Schema.Of(model), group) : Name(type));
        writer.WriteEndObject();
    }

    /// <summary>The members of a property that is of a class.</summary>
    public void WriteNested(Type model, string group) => WriteNested(Name(Schema.Of(model), group));

    /// <summary>All definitions referred to so far, and what they need. The writer stands inside the object that holds them.</summary>
    public void WriteAll()
    {
        while (_wanted.Count > 0)
        {
            var (name, (schema, group, type)) = _wanted.First();
            _wanted.Remove(name);
            writer.WriteStartObject(name);
            if (schema is null) new CustomDefinition(writer, this).Write(type);
            else if (schema.Kind == SchemaKind.Object) WriteObject(schema, group);
            else WriteSpecial(schema.Kind);
            writer.WriteEndObject();
        }
    }

    private void WriteObject(Schema schema, string group)
    {
        writer.WriteString("type", "object");
        if (schema.Fields.Count > 0)
        {
            writer.WriteStartObject("properties");
            foreach (var field in schema.Fields.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                writer.WriteStartObject(field.Name);
                WriteProperty(field, group);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        if (schema.Model is not { } model) return;
        var required = RequiredFields.Of(schema);
        if (required.Count > 0)
        {
            writer.WriteStartArray("required");
            foreach (var name in required) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
        if (schema.IsAtomic) writer.WriteString("x-kubernetes-map-type", "atomic");
        if (DefinitionNames.KindOf(model) is not { } kind) return;
        writer.WriteStartArray("x-kubernetes-group-version-kind");
        WriteKind(writer, kind.Group, kind.ApiVersion, kind.Kind);
        writer.WriteEndArray();
    }

    /// <summary>A group version kind as extensions carry it.</summary>
    public static void WriteKind(Utf8JsonWriter writer, string group, string version, string kind)
    {
        writer.WriteStartObject();
        writer.WriteString("group", group);
        writer.WriteString("kind", kind);
        writer.WriteString("version", version);
        writer.WriteEndObject();
    }

    private void WriteProperty(SchemaField field, string group)
    {
        WriteType(field.Type, group);
        if (field.Type.Kind == SchemaKind.List)
        {
            var rule = field.Patch;
            if (rule.ListKeys.Count > 0)
            {
                writer.WriteStartArray("x-kubernetes-list-map-keys");
                foreach (var key in rule.ListKeys) writer.WriteStringValue(key);
                writer.WriteEndArray();
            }
            writer.WriteString("x-kubernetes-list-type", rule.ListType);
        }
        if (field.Patch.IsAtomicMap) writer.WriteString("x-kubernetes-map-type", "atomic");
        if (field.KeyDefault is { } keyDefault) writer.WriteString("default", keyDefault);
        if (field.Patch.MergeKey is { } mergeKey) writer.WriteString("x-kubernetes-patch-merge-key", mergeKey);
        if (field.Patch.Tag.Length > 0) writer.WriteString("x-kubernetes-patch-strategy", field.Patch.Tag);
    }

    private void WriteType(Schema schema, string group)
    {
        switch (schema.Kind)
        {
            case SchemaKind.List:
                writer.WriteString("type", "array");
                writer.WriteStartObject("items");
                WriteType(schema.Element!, group);
                writer.WriteEndObject();
                break;
            case SchemaKind.Map:
                writer.WriteString("type", "object");
                writer.WriteStartObject("additionalProperties");
                WriteType(schema.Element!, group);
                writer.WriteEndObject();
                break;
            case SchemaKind.String:
                writer.WriteString("type", "string");
                break;
            case SchemaKind.Boolean:
                writer.WriteString("type", "boolean");
                break;
            case SchemaKind.Int32 or SchemaKind.Int64:
                writer.WriteString("type", "integer");
                writer.WriteString("format", schema.GoType);
                break;
            case SchemaKind.Double:
                writer.WriteString("type", "number");
                writer.WriteString("format", "double");
                break;
            case SchemaKind.Bytes:
                writer.WriteString("type", "string");
                writer.WriteString("format", "byte");
                break;
            case SchemaKind.Any:
                writer.WriteString("type", "object");
                break;
            default:
                WriteNested(Name(schema, group));
                break;
        }
    }

    // OpenAPI 3.0 forbids anything beside $ref, so that extensions need the reference wrapped.
    private void WriteNested(string name)
    {
        if (dialect == OpenApiDialect.V2)
        {
            WriteReferenceField(name);
            return;
        }
        writer.WriteStartArray("allOf");
        writer.WriteStartObject();
        WriteReferenceField(name);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void WriteReferenceField(string name) =>
        writer.WriteString("$ref", (dialect == OpenApiDialect.V2 ? "#/definitions/" : "#/components/schemas/") + name);

    private string Name(Schema schema, string group)
    {
        if (schema.Model is { } model) group = DefinitionNames.GroupOf(model, group);
        var name = schema.Kind switch
        {
            SchemaKind.Time => Machinery + "apis.meta.v1.Time",
            SchemaKind.MicroTime => Machinery + "apis.meta.v1.MicroTime",
            SchemaKind.Quantity => Machinery + "api.resource.Quantity",
            SchemaKind.IntOrString => Machinery + "util.intstr.IntOrString",
            _ => DefinitionNames.Of(schema.Model!, group),
        };
        if (_written.Add(name)) _wanted.Add(name, new(schema, group));
        return name;
    }

    private string Name(PublishedType type)
    {
        var name = type.CustomName;
        if (_written.Add(name)) _wanted.Add(name, new(null, "", type));
        return name;
    }

    private void WriteSpecial(SchemaKind kind)
    {
        if (kind is SchemaKind.Time or SchemaKind.MicroTime)
        {
            writer.WriteString("type", "string");
            writer.WriteString("format", "date-time");
            return;
        }
        if (dialect == OpenApiDialect.V2) writer.WriteString("type", "string");
        if (kind == SchemaKind.IntOrString) writer.WriteString("format", "int-or-string");
        if (dialect == OpenApiDialect.V2) return;
        writer.WriteStartArray("oneOf");
        foreach (var type in (string[])(kind == SchemaKind.IntOrString ? ["integer", "string"] : ["string", "number"]))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
