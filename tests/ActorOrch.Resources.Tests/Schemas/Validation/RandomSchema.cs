using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Tests.Schemas.Validation;

/// <summary>Schemas and values of all shapes: those that make sense, and those that nobody would write.</summary>
internal static class RandomSchema
{
    private static readonly string[] Names = ["a", "b", "k", "kind", "metadata", ""];
    private static readonly string[] Types = ["object", "array", "string", "integer", "number", "boolean", "odd"];

    private static readonly string[] Formats =
    [
        "int32", "int64", "float", "double", "byte", "date", "date-time", "duration", "uuid", "uuid3", "uuid4", "uuid5", "ipv4", "ipv6", "cidr", "mac", "email", "hostname", "uri",
        "password", "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor", "bsonobjectid", "quantity", "k8s-short-name", "k8s-long-name", "odd", "",
    ];

    private static readonly string[] Patterns =
        ["^a+$", "(a", "[", "[]a]", "\\", "a{2,1}", "(?P<n>a)", "[[:alpha:]]+", "\\pL", "\\p{Nope}", "(a+)+$", "\\Qa.b\\E", "\\x{1F600}", "[^\\d\\s]", "(?=a)", "\\1", "x{1001}", "[z-a]", "\\k<n>", "(?m)^a$"];

    private static readonly string[] Texts = ["", "a", "aaaaaaaaaaaaaaaaaaaaaaaaab", "::1", "1.2.3.4/33", "%", "http://[", "2024-02-30", "\ud83d\ude00", "1h", "T", "@", "00:00:00:00:00:00", "\u0000", "1e1000"];

    private static readonly string[] Numbers = ["0", "-1", "3", "1.5", "1e400", "-1e400", "9223372036854775808", "2147483648", "1e-320", "0.1", "123456789012345678901234567890"];

    public static JsonNode? Of(Random random, int depth = 0)
    {
        if (random.Next(12) == 0) return Value(random);
        var schema = new JsonObject();
        if (random.Next(4) > 0) schema["type"] = Pick(random, Types);
        for (var i = random.Next(4); i > 0; i--) Add(random, schema, depth);
        return schema;
    }

    public static JsonNode? Value(Random random, int depth = 0) => random.Next(depth > 3 ? 4 : 7) switch
    {
        0 => Pick(random, Texts),
        1 => Number(random),
        2 => random.Next(2) == 0,
        3 => null,
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]),
        _ => Object(random, () => Value(random, depth + 1)),
    };

    private static void Add(Random random, JsonObject schema, int depth)
    {
        switch (random.Next(15))
        {
            case 0:
                schema[Pick(random, ["minimum", "maximum", "multipleOf"])] = Number(random);
                break;
            case 1:
                schema[Pick(random, ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"])] = random.Next(3) == 0 ? Number(random) : random.Next(4);
                break;
            case 2:
                schema["format"] = Pick(random, Formats);
                break;
            case 3:
                schema["pattern"] = Pick(random, Patterns);
                break;
            case 4:
                schema["enum"] = new JsonArray(Value(random), Value(random));
                break;
            case 5:
                schema[Pick(random, ["nullable", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems"])] = true;
                break;
            case 6:
                schema[Pick(random, ["x-kubernetes-int-or-string", "x-kubernetes-embedded-resource", "x-kubernetes-preserve-unknown-fields"])] = true;
                break;
            case 7:
                schema["x-kubernetes-list-type"] = Pick(random, ["set", "map", "atomic", "odd"]);
                schema["x-kubernetes-list-map-keys"] = new JsonArray(Pick(random, Names), Pick(random, Names));
                break;
            case 8:
                schema["default"] = Value(random);
                break;
            case 9:
                schema["required"] = random.Next(4) == 0 ? Value(random) : new JsonArray(Pick(random, Names), Value(random));
                break;
            case var _ when depth > 3:
                break;
            case 10:
                schema["properties"] = Object(random, () => Of(random, depth + 1));
                break;
            case 11:
                schema["additionalProperties"] = random.Next(3) == 0 ? random.Next(2) == 0 : Of(random, depth + 1);
                break;
            case 12:
                schema["items"] = Of(random, depth + 1);
                break;
            case 13:
                schema["not"] = Of(random, depth + 1);
                break;
            default:
                schema[Pick(random, ["anyOf", "oneOf", "allOf"])] = new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Of(random, depth + 1))]);
                break;
        }
    }

    private static JsonObject Object(Random random, Func<JsonNode?> value)
    {
        var obj = new JsonObject();
        for (var i = random.Next(4); i > 0; i--) obj[Pick(random, Names)] = value();
        return obj;
    }

    private static JsonNode? Number(Random random) => JsonNode.Parse(Pick(random, Numbers));

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
