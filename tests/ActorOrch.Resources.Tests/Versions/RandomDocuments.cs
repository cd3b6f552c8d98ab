using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Schemas;
using CsCheck;

namespace ActorOrch.Resources.Tests.Versions;

/// <summary>Documents with any of the fields that a schema has, each with some value of its type.</summary>
internal static class RandomDocuments
{
    private const int Deepest = 12;

    // Words that kinds know, so that what they treat in a way of its own is met.
    private static readonly string[] Words =
        ["cpu", "memory", "Resource", "ContainerResource", "Pods", "Object", "External", "Utilization", "Value", "AverageValue", "Normal", "x", "ü\"<", "Max"];

    private static readonly string[] Amounts = ["1", "500m", "1Gi", "10k", "3"];

    /// <summary>A document of a kind, with the number of each of its choices.</summary>
    public static Gen<JsonObject> Of(ResourceType type) => Gen.Int.Select(seed =>
    {
        var random = new Random(seed);
        var document = (JsonObject)Value(Schema.Of(type), random, 0)!;
        document["apiVersion"] = type.ApiVersion;
        document["kind"] = type.Kind;
        document["metadata"] = new JsonObject { ["name"] = "a", ["namespace"] = "b", ["annotations"] = new JsonObject { ["k"] = "v" } };
        return document;
    });

    private static JsonNode? Value(Schema schema, Random random, int depth) => schema.Kind switch
    {
        SchemaKind.Object => Object(schema, random, depth),
        SchemaKind.List => new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value(schema.Element!, random, depth + 1))]),
        SchemaKind.Map => new JsonObject(Enumerable.Range(0, random.Next(1, 3)).Select(i => KeyValuePair.Create($"k{i}", Value(schema.Element!, random, depth + 1)))),
        SchemaKind.Boolean => random.Next(2) == 0,
        SchemaKind.Bytes => "AAAA",
        SchemaKind.Any => new JsonObject { ["any"] = new JsonArray(random.Next(2) == 0, "x"), ["other"] = new JsonObject() },
        SchemaKind.Int32 or SchemaKind.Int64 => JsonValue.Create(JsonSerializer.SerializeToElement(random.Next(1, 100))),
        SchemaKind.Quantity => Amounts[random.Next(Amounts.Length)],
        SchemaKind.Time => Time(random, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        SchemaKind.MicroTime => Time(random, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        SchemaKind.IntOrString when random.Next(2) == 0 => JsonValue.Create(JsonSerializer.SerializeToElement(random.Next(1, 100))),
        SchemaKind.String or SchemaKind.IntOrString => Words[random.Next(Words.Length)],
        var other => throw new NotSupportedException($"no value of {other} is made here"),
    };

    private static JsonObject Object(Schema schema, Random random, int depth)
    {
        var obj = new JsonObject();
        foreach (var field in schema.Fields.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            if (field.Name is not ("metadata" or "apiVersion" or "kind") && depth < Deepest && random.Next(4) > 0) obj[field.Name] = Value(field.Type, random, depth + 1);
        return obj;
    }

    private static string Time(Random random, string format) =>
        new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.Next(100_000)).ToString(format, CultureInfo.InvariantCulture);
}
