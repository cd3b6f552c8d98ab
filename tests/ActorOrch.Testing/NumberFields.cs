using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Testing;

/// <summary>A field of a kind that holds a number in some form.</summary>
/// <param name="Path">Names and indexes from the object down.</param>
public sealed record NumberField(ResourceType Type, IReadOnlyList<object> Path, SchemaKind Kind)
{
    /// <summary>The field's own name; of an element of a map or list, that of the field that holds it.</summary>
    public string Name => Path.OfType<string>().Last(step => step != NumberFields.AnyKey);

    public bool IsStatus => Path[0] is "status";

    public override string ToString() => $"{Type.Kind}.{string.Join('.', Path)}";
}

/// <summary>
/// Every number that anyone may write into an object of any kind, from the kinds' own schemas, and the values at which arithmetic goes wrong.
/// </summary>
public static class NumberFields
{
    internal const string AnyKey = "cpu";

    /// <summary>The ends of the types, of what timers hold in milliseconds, of 32 bits of seconds and of the calendar, and what lies beside them.</summary>
    public static readonly IReadOnlyList<long> Integers =
    [
        0, 1, -1, int.MaxValue, int.MinValue, int.MaxValue - 1L, int.MaxValue + 1L, uint.MaxValue, uint.MaxValue + 1L, long.MaxValue, long.MinValue, long.MaxValue - 1,
        2_147_484, 4_294_967, 4_294_968, 5_000_000, 315_576_000, 9_223_372_036, 9_223_372_037, 300_000_000_000, 253_402_300_799, 922_337_203_685, 922_337_203_686,
        9_223_372_036_854_775,
    ];

    private static readonly string[] Percents = ["0%", "100%", "2147483647%", "2147483648%", "99999999999999999999%", "-1%"];

    private static readonly string[] Quantities =
    [
        "0", "9223372036854775807", "-9223372036854775808", "9223372036854775807E", "8Ei", "9e2147483647", "1e-2147483648", "1e99999999999999999999", "1E", "1n",
        "99999999999999999999999999999999999999", "0.0000000000000000000000000001", "-1", "9223372036854775807m",
    ];

    /// <summary>All of a kind's fields of this kind of number: integers, integers or percents, quantities.</summary>
    public static IEnumerable<NumberField> Of(ResourceType type) => Walk(type, Schema.Of(type), [], []);

    /// <summary>What a hostile or careless writer puts in.</summary>
    public static IEnumerable<JsonNode> ValuesFor(NumberField field) => field.Kind switch
    {
        SchemaKind.Quantity => Quantities.Select(text => (JsonNode)JsonValue.Create(text)!),
        SchemaKind.IntOrString => Integers.Select(number => (JsonNode)JsonValue.Create(number)).Concat(Percents.Select(text => (JsonNode)JsonValue.Create(text)!)),
        _ => Integers.Select(number => (JsonNode)JsonValue.Create(number)),
    };

    /// <summary>A valid object of the kind with one value of one field replaced, or set where it is not there.</summary>
    public static JsonObject With(NumberField field, JsonNode value)
    {
        var root = RichDocuments.Of(field.Type);
        JsonNode at = root;
        for (var i = 0; i < field.Path.Count; i++)
        {
            var last = i == field.Path.Count - 1;
            JsonNode next = last ? value.DeepClone() : field.Path[i + 1] is int ? new JsonArray() : new JsonObject();
            switch (field.Path[i])
            {
                case string name:
                    var obj = at.AsObject();
                    if (last || obj[name] is null) obj[name] = next;
                    at = obj[name]!;
                    break;
                case int:
                    var list = at.AsArray();
                    if (list.Count == 0) list.Add(next);
                    else if (last) list[0] = next;
                    at = list[0]!;
                    break;
            }
        }
        return root;
    }

    private static IEnumerable<NumberField> Walk(ResourceType type, Schema schema, IReadOnlyList<object> path, IReadOnlyList<Schema> within)
    {
        switch (schema.Kind)
        {
            case SchemaKind.Int32 or SchemaKind.Int64 or SchemaKind.Double or SchemaKind.IntOrString or SchemaKind.Quantity:
                yield return new(type, path, schema.Kind);
                break;
            case SchemaKind.Object when !within.Contains(schema):
                foreach (var (name, field) in schema.Fields.OrderBy(f => f.Key, StringComparer.Ordinal))
                    foreach (var found in Walk(type, field.Type, [.. path, name], [.. within, schema])) yield return found;
                break;
            case SchemaKind.List:
                foreach (var found in Walk(type, schema.Element!, [.. path, 0], within)) yield return found;
                break;
            case SchemaKind.Map:
                foreach (var found in Walk(type, schema.Element!, [.. path, AnyKey], within)) yield return found;
                break;
        }
    }
}
