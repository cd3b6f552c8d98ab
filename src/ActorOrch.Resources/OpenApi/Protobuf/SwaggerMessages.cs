using System.Text.Json;

namespace ActorOrch.Resources.OpenApi.Protobuf;

/// <summary>Swagger 2.0 as the message <c>openapi.v2.Document</c> of gnostic's <c>OpenAPIv2.proto</c>: what the document here can hold.</summary>
internal static class SwaggerMessages
{
    private static readonly FieldWriter SchemaField = Fields.Message(static () => Schema!);

    private static readonly MessageShape Schema = new MessageShape()
        .With("$ref", 1, Fields.Text)
        .With("format", 2, Fields.Text)
        .With("title", 3, Fields.Text)
        .With("description", 4, Fields.Text)
        .With("default", 5, Fields.Yaml)
        .With("multipleOf", 6, Fields.Double)
        .With("maximum", 7, Fields.Double)
        .With("exclusiveMaximum", 8, Fields.Flag)
        .With("minimum", 9, Fields.Double)
        .With("exclusiveMinimum", 10, Fields.Flag)
        .With("maxLength", 11, Fields.Integer)
        .With("minLength", 12, Fields.Integer)
        .With("pattern", 13, Fields.Text)
        .With("maxItems", 14, Fields.Integer)
        .With("minItems", 15, Fields.Integer)
        .With("uniqueItems", 16, Fields.Flag)
        .With("maxProperties", 17, Fields.Integer)
        .With("minProperties", 18, Fields.Integer)
        .With("required", 19, Fields.Each(Fields.Text))
        .With("enum", 20, Fields.Each(Fields.Yaml))
        .With("additionalProperties", 21, Fields.Either(static value => value.ValueKind == JsonValueKind.Object, Fields.In(1, SchemaField), Fields.In(2, Fields.Flag)))
        .With("type", 22, Fields.In(1, Fields.Either(static value => value.ValueKind == JsonValueKind.Array, Fields.Each(Fields.Text), Fields.Text)))
        .With("items", 23, Fields.In(1, SchemaField))
        .With("allOf", 24, Fields.Each(SchemaField))
        .With("properties", 25, Fields.Message(static () => Properties!))
        .With("readOnly", 27, Fields.Flag)
        .With("example", 30, Fields.Yaml)
        .WithExtensions(31);

    private static readonly MessageShape Properties = new MessageShape().WithEntries(1, SchemaField);

    private static readonly MessageShape BodyParameter = new MessageShape()
        .With("description", 1, Fields.Text)
        .With("name", 2, Fields.Text)
        .With("in", 3, Fields.Text)
        .With("required", 4, Fields.Flag)
        .With("schema", 5, SchemaField);

    private static readonly MessageShape QueryParameter = NamedParameter()
        .With("type", 6, Fields.Text)
        .With("format", 7, Fields.Text)
        .With("uniqueItems", 20, Fields.Flag);

    private static readonly MessageShape PathParameter = NamedParameter()
        .With("type", 5, Fields.Text)
        .With("format", 6, Fields.Text)
        .With("uniqueItems", 19, Fields.Flag);

    private static readonly FieldWriter OtherParameter = Fields.In(2,
        Fields.Either(static parameter => Is(parameter, "path"), Fields.In(4, Fields.Message(static () => PathParameter)), Fields.In(3, Fields.Message(static () => QueryParameter))));

    private static readonly FieldWriter Parameters = Fields.Each(
        Fields.In(1, Fields.Either(static parameter => Is(parameter, "body"), Fields.In(1, Fields.Message(static () => BodyParameter)), OtherParameter)));

    private static readonly MessageShape Response = new MessageShape()
        .With("description", 1, Fields.Text)
        .With("schema", 2, Fields.In(1, SchemaField));

    private static readonly MessageShape Responses = new MessageShape().WithEntries(1, Fields.In(1, Fields.Message(static () => Response)));

    private static readonly MessageShape Operation = new MessageShape()
        .With("tags", 1, Fields.Each(Fields.Text))
        .With("summary", 2, Fields.Text)
        .With("description", 3, Fields.Text)
        .With("operationId", 5, Fields.Text)
        .With("produces", 6, Fields.Each(Fields.Text))
        .With("consumes", 7, Fields.Each(Fields.Text))
        .With("parameters", 8, Parameters)
        .With("responses", 9, Fields.Message(static () => Responses))
        .With("schemes", 10, Fields.Each(Fields.Text))
        .With("deprecated", 11, Fields.Flag)
        .WithExtensions(13);

    private static readonly FieldWriter OperationField = Fields.Message(static () => Operation);

    private static readonly MessageShape PathItem = new MessageShape()
        .With("get", 2, OperationField)
        .With("put", 3, OperationField)
        .With("post", 4, OperationField)
        .With("delete", 5, OperationField)
        .With("options", 6, OperationField)
        .With("head", 7, OperationField)
        .With("patch", 8, OperationField)
        .With("parameters", 9, Parameters)
        .WithExtensions(10);

    private static readonly MessageShape Paths = new MessageShape().WithEntries(2, Fields.Message(static () => PathItem));

    private static readonly MessageShape Info = new MessageShape()
        .With("title", 1, Fields.Text)
        .With("version", 2, Fields.Text)
        .With("description", 3, Fields.Text);

    public static readonly MessageShape Document = new MessageShape()
        .With("swagger", 1, Fields.Text)
        .With("info", 2, Fields.Message(static () => Info))
        .With("paths", 8, Fields.Message(static () => Paths))
        .With("definitions", 9, Fields.Message(static () => Properties!))
        .WithExtensions(16);

    private static MessageShape NamedParameter() => new MessageShape()
        .With("required", 1, Fields.Flag)
        .With("in", 2, Fields.Text)
        .With("description", 3, Fields.Text)
        .With("name", 4, Fields.Text);

    private static bool Is(JsonElement parameter, string where) => parameter.TryGetProperty("in", out var place) && place.ValueEquals(where);
}
