using System.Text.Json.Nodes;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Testing.Fuzzing;

/// <summary>Values that programs stumble over, and documents made of them.</summary>
internal static class FuzzValues
{
    public static readonly string[] Texts =
    [
        "", "a", "default", "x0", "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e400", "NaN", "1Ki", "-0.0000000001", "1e2147483647",
        "true", "null", "2024-05-01T12:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2024-13-01T00:00:00Z", "..", "../..", "/", "//", "a/b", "a/b/c", "%2e%2e", "$(A)$(A)", "$$(",
        "\u0000", "\u00e9", "\ud800", "\U0001F600", "\r\n", "\"", "\\", "a=b,c!=d", "k in (a,b", "!", ",,,", "metadata.name=a", "None", "127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.0/33",
        "All", "Strict", "Foreground", "Bearer x", "text/html;q=2", "application/json;as=Table;v=v1;g=meta.k8s.io", "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MX0", "{", "[]", "%", "*", "+", " ", "\t",
    ];

    public static string Text(Random random) => random.Next(12) switch
    {
        0 => new string((char)random.Next(32, 127), random.Next(1, 400)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)random.Next(1, 0xD7FF))),
        2 => string.Concat(Enumerable.Repeat(Pick(random, Texts), random.Next(1, 40))),
        _ => Pick(random, Texts),
    };

    public static T Pick<T>(Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>A document that fits the schema more or less.</summary>
    public static JsonNode? Of(Schema schema, Random random, int depth = 0)
    {
        // Now and then something else stands where a value of the type should.
        if (random.Next(60) == 0) return Any(random, depth);
        switch (schema.Kind)
        {
            case SchemaKind.Object:
                var fields = schema.Fields.Values.OrderBy(f => f.Name, StringComparer.Ordinal).ToArray();
                var obj = new JsonObject();
                if (fields.Length == 0 || depth > 8) return obj;
                for (var i = random.Next(0, 6); i >= 0; i--)
                {
                    var field = Pick(random, fields);
                    obj[random.Next(40) == 0 ? Text(random) : field.Name] = Of(field.Type, random, depth + 1);
                }
                return obj;
            case SchemaKind.Map:
                return new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"{i}{Text(random)}", Of(schema.Element!, random, depth + 1))));
            case SchemaKind.List:
                return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Of(schema.Element!, random, depth + 1))]);
            case SchemaKind.Boolean:
                return random.Next(2) == 0;
            case SchemaKind.Int32 or SchemaKind.Int64 or SchemaKind.Double:
                return Pick(random, (long[])[0, 1, -1, 80, 65536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 4_294_968, 315_576_000_000]);
            case SchemaKind.IntOrString:
                return random.Next(2) == 0 ? random.Next(-2, 70000) : Text(random);
            case SchemaKind.Bytes:
                return random.Next(3) == 0 ? Text(random) : "aGVsbG8=";
            case SchemaKind.Time or SchemaKind.MicroTime:
                return random.Next(3) == 0 ? Text(random) : "2024-05-01T12:00:00Z";
            case SchemaKind.Any:
                return Any(random, depth);
            default:
                return Text(random);
        }
    }

    public static JsonNode? Any(Random random, int depth = 0) => random.Next(depth > 6 ? 5 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-5, 5),
        3 => random.NextDouble() * 1e300,
        4 => Text(random),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(random, depth + 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"{i}{Text(random)}", Any(random, depth + 1)))),
    };

    /// <summary>Cuts, doubles, swaps and overwrites bytes.</summary>
    public static byte[] Mangle(byte[] bytes, Random random)
    {
        var mangled = bytes.ToList();
        for (var i = random.Next(1, 5); i > 0 && mangled.Count > 0; i--)
        {
            var at = random.Next(mangled.Count);
            var length = Math.Min(random.Next(1, 32), mangled.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    mangled.RemoveRange(at, length);
                    break;
                case 1:
                    mangled.InsertRange(at, mangled.GetRange(at, length));
                    break;
                case 2:
                    mangled[at] = (byte)random.Next(256);
                    break;
                case 3:
                    mangled.Insert(at, Pick(random, "{}[]\",:-&*!|>%@`#?0\0\n \\"u8.ToArray()));
                    break;
                default:
                    mangled.RemoveRange(at, mangled.Count - at);
                    break;
            }
        }
        return [.. mangled];
    }
}
