using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Decoding;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>
/// A step on the way to a field, in the form that <c>fieldsV1</c> has it: <c>f:NAME</c> a field or an entry of a map, <c>k:{…}</c> the element
/// of a list by its keys, <c>v:VALUE</c> a member of a set, <c>i:INDEX</c> the element of a list by its place. The text is canonical: two steps are one
/// where their texts are.
/// </summary>
internal static class PathElement
{
    /// <summary>Stands for the owner of the steps below it; no step itself.</summary>
    public const string Self = ".";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>In the order in which they are written.</summary>
    private const string Kinds = "fkvi";

    public static string Field(string name) => "f:" + name;

    /// <summary>An element by its place.</summary>
    public static string Index(int index) => string.Create(CultureInfo.InvariantCulture, $"i:{index}");

    /// <summary>A member of a set.</summary>
    public static string Value(JsonNode? value) => "v:" + Text(value);

    /// <summary>An element by the values of its keys.</summary>
    public static string Keyed(IEnumerable<KeyValuePair<string, JsonNode?>> keys)
    {
        var text = new StringBuilder("k:{");
        foreach (var (name, value) in keys.OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            if (text.Length > "k:{".Length) text.Append(',');
            text.Append(JsonSerializer.Serialize(name, Plain)).Append(':').Append(Text(value));
        }
        return text.Append('}').ToString();
    }

    /// <summary>The canonical text of one that a client wrote; null for one of an unknown kind, which is ignored. Throws <see cref="FormatException"/>.</summary>
    public static string? Read(string text)
    {
        if (text.Length < 2) throw new FormatException("key must be 2 characters long");
        if (text[1] != ':') throw new FormatException($"missing colon: {text}");
        switch (text[0])
        {
            case 'f':
                return text;
            case 'i':
                return int.TryParse(text.AsSpan(2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
                    ? Index(index)
                    : throw new FormatException($"no index: {text}");
            case 'v':
                return Value(Parse(text));
            case 'k':
                return Parse(text) is JsonObject keys ? Keyed(keys) : throw new FormatException($"no keys: {text}");
            default:
                return null;
        }
    }

    /// <summary>In the order in which they are written: fields first, then what tells elements of lists apart, by value.</summary>
    public static string[] InOrder(IReadOnlyCollection<string> elements)
    {
        var texts = elements.ToArray();
        // Each is read once, not once a comparison.
        var keys = Array.ConvertAll(texts, text => new SortKey(text, text[0] == 'f' ? null : Parse(text)));
        Array.Sort(keys, texts);
        return texts;
    }

    private readonly record struct SortKey(string Text, JsonNode? Node) : IComparable<SortKey>
    {
        public int CompareTo(SortKey other)
        {
            if (Text[0] != other.Text[0]) return Kinds.IndexOf(Text[0], StringComparison.Ordinal) - Kinds.IndexOf(other.Text[0], StringComparison.Ordinal);
            return Text[0] switch
            {
                'k' => CompareKeys((JsonObject)Node!, (JsonObject)other.Node!),
                'f' => string.CompareOrdinal(Text, other.Text),
                _ => CompareValues(Node, other.Node),
            };
        }
    }

    /// <summary>As conflicts name it: <c>.spec</c>, <c>[containerPort=80,protocol="TCP"]</c>, <c>[="a"]</c>, <c>[0]</c>.</summary>
    public static string Describe(string element) => element[0] switch
    {
        'f' => "." + element[2..],
        'k' => $"[{string.Join(',', ((JsonObject)Parse(element)!).Select(k => $"{k.Key}={Text(k.Value)}"))}]",
        'v' => $"[={element[2..]}]",
        _ => $"[{element[2..]}]",
    };

    private static string Text(JsonNode? value) => value?.ToJsonString(Plain) ?? "null";

    private static JsonNode? Parse(string element)
    {
        try
        {
            // The reader of documents, which knows what else than bad syntax a client may write: a name twice, half of a surrogate pair.
            return JsonTree.Parse(Encoding.UTF8.GetBytes(element, 2, element.Length - 2), new StrictErrorList());
        }
        catch (DecodingException unreadable)
        {
            throw new FormatException($"no JSON: {element}", unreadable);
        }
    }

    private static int CompareKeys(JsonObject left, JsonObject right)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            var ((name, value), (otherName, otherValue)) = (left.GetAt(i), right.GetAt(i));
            var order = string.CompareOrdinal(name, otherName);
            if (order == 0) order = CompareValues(value, otherValue);
            if (order != 0) return order;
        }
        return left.Count.CompareTo(right.Count);
    }

    // Numbers, then strings, then flags, then all else by its text.
    private static int CompareValues(JsonNode? left, JsonNode? right)
    {
        var (kind, other) = (Rank(left), Rank(right));
        if (kind != other) return kind - other;
        return kind switch
        {
            0 => left!.GetValue<double>().CompareTo(right!.GetValue<double>()),
            1 => string.CompareOrdinal(left!.GetValue<string>(), right!.GetValue<string>()),
            _ => string.CompareOrdinal(Text(left), Text(right)),
        };
    }

    private static int Rank(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => 0,
        JsonValueKind.String => 1,
        JsonValueKind.True or JsonValueKind.False => 2,
        JsonValueKind.Array => 3,
        JsonValueKind.Object => 4,
        _ => 5,
    };
}
