using System.Text.Json.Nodes;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>What a value is owned as.</summary>
internal enum Granularity
{
    /// <summary>One owner for all of it: scalars, atomic lists, maps and objects.</summary>
    Whole,

    /// <summary>Each field or entry has its own owners.</summary>
    Fields,

    /// <summary>A list of objects that are told apart by keys.</summary>
    Keyed,

    /// <summary>A list of scalars in which each stands once.</summary>
    Set,
}

/// <summary>A place in a document as its schema has it. Where there is no schema, objects are owned by their fields and lists as a whole.</summary>
internal readonly record struct FieldType(Schema? Schema, PatchRule Rule, bool AlwaysThere = false)
{
    private static readonly FieldType Unknown = new(null, PatchRule.None);

    public static FieldType Root(Schema schema) => new(schema, schema.Rule);

    /// <summary>What the elements of a list or the values of a map are.</summary>
    public FieldType Element => new(Schema?.Element, Schema?.Element?.Rule ?? PatchRule.None);

    /// <summary>A field or an entry.</summary>
    public FieldType this[string name] => Schema switch
    {
        null => Unknown,
        { Kind: SchemaKind.Object } => Schema.TryGetField(name, out var field) ? new(field.Type, field.Patch, field.AlwaysThere) : Unknown,
        _ => Element,
    };

    /// <summary>Whether the schema names the field, rather than the document.</summary>
    public bool Names(string name) => Schema is { Kind: SchemaKind.Object } && Schema.TryGetField(name, out _);

    /// <summary>By schema where the values are as it says, else by what they are. Either may be null.</summary>
    public Granularity Of(JsonNode? one, JsonNode? other)
    {
        var granularity = BySchema(one ?? other);
        return Fits(one, granularity) && Fits(other, granularity) ? granularity : Granularity.Whole;
    }

    private Granularity BySchema(JsonNode? value) => Schema?.Kind switch
    {
        null => value is JsonObject ? Granularity.Fields : Granularity.Whole,
        SchemaKind.Object => Schema.IsAtomic || Rule.IsAtomicMap ? Granularity.Whole : Granularity.Fields,
        SchemaKind.Map => Rule.IsAtomicMap ? Granularity.Whole : Granularity.Fields,
        SchemaKind.List => Rule.ListKeys.Count > 0 ? Granularity.Keyed : Rule.IsSet ? Granularity.Set : Granularity.Whole,
        _ => Granularity.Whole,
    };

    private static bool Fits(JsonNode? value, Granularity granularity) => value is null || granularity switch
    {
        Granularity.Fields => value is JsonObject,
        Granularity.Keyed or Granularity.Set => value is JsonArray,
        _ => true,
    };

    /// <summary>The step to an element of this list. A key that it lacks and that has no default stands as null.</summary>
    public string StepTo(JsonNode? item, Granularity granularity)
    {
        if (granularity == Granularity.Set || item is not JsonObject element) return PathElement.Value(item);
        var type = Element.Schema;
        return PathElement.Keyed(Rule.ListKeys.Select(key => KeyValuePair.Create(key, element[key] ?? DefaultOf(type, key))));
    }

    /// <summary>The first key that an element lacks and that has no default; null for none.</summary>
    public string? MissingKey(JsonObject element)
    {
        var type = Element.Schema;
        return Rule.ListKeys.FirstOrDefault(key => element[key] is null && DefaultOf(type, key) is null);
    }

    private static JsonNode? DefaultOf(Schema? element, string key) =>
        element is not null && element.TryGetField(key, out var field) && field.KeyDefault is { } value ? JsonValue.Create(value) : null;
}
