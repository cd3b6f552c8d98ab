using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>What a schema in OpenAPI v3 demands of a value, read once and in the form in which it is checked. Immutable.</summary>
internal sealed class ValueRules
{
    private static readonly ValueRules Anything = new(default);

    private ValueRules(JsonElement source)
    {
        var isIntOrString = Flag(source, "x-kubernetes-int-or-string");
        Types = isIntOrString ? ["integer", "string"] : Text(source, "type") is { Length: > 0 } type ? [type] : [];
        IsNullable = Flag(source, "nullable");
        Format = Text(source, "format") is { } format && Formats.Applies(format, Types) ? format : null;
        Enum = [.. List(source, "enum").Select(v => JsonNode.Parse(v.GetRawText()))];
        HasEnum = Enum.Length > 0;

        Minimum = Number(source, "minimum");
        Maximum = Number(source, "maximum");
        MultipleOf = Number(source, "multipleOf");
        IsMinimumExclusive = Flag(source, "exclusiveMinimum");
        IsMaximumExclusive = Flag(source, "exclusiveMaximum");

        MinLength = Count(source, "minLength");
        MaxLength = Count(source, "maxLength");
        Pattern = Text(source, "pattern") is { Length: > 0 } pattern ? new(pattern) : null;

        MinItems = Count(source, "minItems");
        MaxItems = Count(source, "maxItems");
        Items = Find(source, "items") is { ValueKind: JsonValueKind.Object } items ? Read(items) : null;

        MinProperties = Count(source, "minProperties");
        MaxProperties = Count(source, "maxProperties");
        Required = [.. List(source, "required").Where(r => r.ValueKind == JsonValueKind.String).Select(r => r.GetString()!)];
        Properties = Find(source, "properties") is { ValueKind: JsonValueKind.Object } properties
            ? Named(properties)
            : FrozenDictionary<string, ValueRules>.Empty;
        var others = Find(source, "additionalProperties");
        AdditionalProperties = others is { ValueKind: JsonValueKind.Object } ? Read(others.Value) : null;
        IsClosed = others is { ValueKind: JsonValueKind.False };

        AllOf = [.. List(source, "allOf").Select(Read)];
        AnyOf = [.. List(source, "anyOf").Select(Read)];
        OneOf = [.. List(source, "oneOf").Select(Read)];
        Not = Find(source, "not") is { ValueKind: JsonValueKind.Object } not ? Read(not) : null;
    }

    /// <summary>The types that a value may have; empty for any.</summary>
    public string[] Types { get; }

    public bool IsNullable { get; }

    /// <summary>Null for none, and for one that is not known for the type, which nobody checks.</summary>
    public string? Format { get; }

    public bool HasEnum { get; }

    public JsonNode?[] Enum { get; }

    public double? Minimum { get; }
    public double? Maximum { get; }
    public double? MultipleOf { get; }
    public bool IsMinimumExclusive { get; }
    public bool IsMaximumExclusive { get; }

    public long? MinLength { get; }
    public long? MaxLength { get; }
    public ValuePattern? Pattern { get; }

    public long? MinItems { get; }
    public long? MaxItems { get; }
    public ValueRules? Items { get; }

    public long? MinProperties { get; }
    public long? MaxProperties { get; }
    public string[] Required { get; }
    public FrozenDictionary<string, ValueRules> Properties { get; }

    /// <summary>Of the fields that have no rules of their own.</summary>
    public ValueRules? AdditionalProperties { get; }

    /// <summary>Whether there may be no fields but the named ones.</summary>
    public bool IsClosed { get; }

    public ValueRules[] AllOf { get; }
    public ValueRules[] AnyOf { get; }
    public ValueRules[] OneOf { get; }
    public ValueRules? Not { get; }

    /// <summary>What is no schema demands nothing.</summary>
    public static ValueRules Read(JsonElement source) => source.ValueKind == JsonValueKind.Object ? new(source) : Anything;

    // Of a name that stands there twice the last counts, as in every JSON object.
    private static FrozenDictionary<string, ValueRules> Named(JsonElement properties)
    {
        var named = new Dictionary<string, ValueRules>(StringComparer.Ordinal);
        foreach (var property in properties.EnumerateObject()) named[property.Name] = Read(property.Value);
        return named.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static JsonElement? Find(JsonElement source, string name) =>
        source.ValueKind == JsonValueKind.Object && source.TryGetProperty(name, out var value) ? value : null;

    private static bool Flag(JsonElement source, string name) => Find(source, name) is { ValueKind: JsonValueKind.True };

    private static string? Text(JsonElement source, string name) => Find(source, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static IEnumerable<JsonElement> List(JsonElement source, string name) =>
        Find(source, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static double? Number(JsonElement source, string name) =>
        Find(source, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? number : null;

    private static long? Count(JsonElement source, string name) =>
        Find(source, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;
}
