using System.Text.Json;

namespace ActorOrch.Resources.OpenApi.Protobuf;

/// <summary>OpenAPI 3.0 as the message <c>openapi.v3.Document</c> of gnostic's <c>OpenAPIv3.proto</c>: what the documents here can hold.</summary>
internal static class OpenApiMessages
{
    // 1 a schema of its own, 2 a reference.
    private static readonly FieldWriter SchemaOrReference = Fields.Either(
        static schema => schema.TryGetProperty("$ref", out _), Fields.In(2, Fields.Message(static () => Reference!)), Fields.In(1, Fields.Message(static () => Schema!)));

    private static readonly MessageShape Reference = new MessageShape()
        .With("$ref", 1, Fields.Text)
        .With("description", 3, Fields.Text);

    // 1 a number, 2 a flag, 3 a text; there is no other.
    private static readonly FieldWriter Default = static (output, number, value) => output.WriteMessage(number, value, static (inner, chosen) =>
    {
        switch (chosen.ValueKind)
        {
            case JsonValueKind.Number:
                inner.WriteDouble(1, chosen.GetDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                inner.WriteInteger(2, chosen.GetBoolean() ? 1 : 0);
                break;
            case JsonValueKind.String:
                inner.WriteText(3, chosen.GetString()!);
                break;
        }
    });

    private static readonly MessageShape Properties = new MessageShape().WithEntries(1, SchemaOrReference);

    private static readonly MessageShape Schema = new MessageShape()
        .With("nullable", 1, Fields.Flag)
        .With("readOnly", 3, Fields.Flag)
        .With("writeOnly", 4, Fields.Flag)
        .With("example", 7, Fields.Yaml)
        .With("deprecated", 8, Fields.Flag)
        .With("title", 9, Fields.Text)
        .With("multipleOf", 10, Fields.Double)
        .With("maximum", 11, Fields.Double)
        .With("exclusiveMaximum", 12, Fields.Flag)
        .With("minimum", 13, Fields.Double)
        .With("exclusiveMinimum", 14, Fields.Flag)
        .With("maxLength", 15, Fields.Integer)
        .With("minLength", 16, Fields.Integer)
        .With("pattern", 17, Fields.Text)
        .With("maxItems", 18, Fields.Integer)
        .With("minItems", 19, Fields.Integer)
        .With("uniqueItems", 20, Fields.Flag)
        .With("maxProperties", 21, Fields.Integer)
        .With("minProperties", 22, Fields.Integer)
        .With("required", 23, Fields.Each(Fields.Text))
        .With("enum", 24, Fields.Each(Fields.Yaml))
        .With("type", 25, Fields.Text)
        .With("allOf", 26, Fields.Each(SchemaOrReference))
        .With("oneOf", 27, Fields.Each(SchemaOrReference))
        .With("anyOf", 28, Fields.Each(SchemaOrReference))
        .With("not", 29, Fields.Message(static () => Schema!))
        .With("items", 30, Fields.In(1, SchemaOrReference))
        .With("properties", 31, Fields.Message(static () => Properties))
        .With("additionalProperties", 32, Fields.Either(static value => value.ValueKind == JsonValueKind.Object, Fields.In(1, SchemaOrReference), Fields.In(2, Fields.Flag)))
        .With("default", 33, Default)
        .With("description", 34, Fields.Text)
        .With("format", 35, Fields.Text)
        .WithExtensions(36);

    private static readonly MessageShape Parameter = new MessageShape()
        .With("name", 1, Fields.Text)
        .With("in", 2, Fields.Text)
        .With("description", 3, Fields.Text)
        .With("required", 4, Fields.Flag)
        .With("deprecated", 5, Fields.Flag)
        .With("schema", 10, SchemaOrReference);

    private static readonly FieldWriter Parameters = Fields.Each(Fields.In(1, Fields.Message(static () => Parameter)));

    private static readonly MessageShape MediaType = new MessageShape().With("schema", 1, SchemaOrReference);

    private static readonly MessageShape Content = new MessageShape().WithEntries(1, Fields.Message(static () => MediaType));

    private static readonly MessageShape Body = new MessageShape()
        .With("description", 1, Fields.Text)
        .With("content", 2, Fields.Message(static () => Content))
        .With("required", 3, Fields.Flag);

    private static readonly MessageShape Response = new MessageShape()
        .With("description", 1, Fields.Text)
        .With("content", 3, Fields.Message(static () => Content));

    private static readonly MessageShape Responses = new MessageShape().WithEntries(2, Fields.In(1, Fields.Message(static () => Response)));

    private static readonly MessageShape Operation = new MessageShape()
        .With("tags", 1, Fields.Each(Fields.Text))
        .With("summary", 2, Fields.Text)
        .With("description", 3, Fields.Text)
        .With("operationId", 5, Fields.Text)
        .With("parameters", 6, Parameters)
        .With("requestBody", 7, Fields.In(1, Fields.Message(static () => Body)))
        .With("responses", 8, Fields.Message(static () => Responses))
        .With("deprecated", 10, Fields.Flag)
        .WithExtensions(13);

    private static readonly FieldWriter OperationField = Fields.Message(static () => Operation);

    private static readonly MessageShape PathItem = new MessageShape()
        .With("get", 4, OperationField)
        .With("put", 5, OperationField)
        .With("post", 6, OperationField)
        .With("delete", 7, OperationField)
        .With("options", 8, OperationField)
        .With("head", 9, OperationField)
        .With("patch", 10, OperationField)
        .With("parameters", 13, Parameters)
        .WithExtensions(14);

    private static readonly MessageShape Paths = new MessageShape().WithEntries(1, Fields.Message(static () => PathItem));

    private static readonly MessageShape Info = new MessageShape()
        .With("title", 1, Fields.Text)
        .With("description", 2, Fields.Text)
        .With("version", 6, Fields.Text);

    private static readonly MessageShape Components = new MessageShape().With("schemas", 1, Fields.Message(static () => Properties));

    public static readonly MessageShape Document = new MessageShape()
        .With("openapi", 1, Fields.Text)
        .With("info", 2, Fields.Message(static () => Info))
        .With("paths", 4, Fields.Message(static () => Paths))
        .With("components", 5, Fields.Message(static () => Components))
        .WithExtensions(9);
}
