using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>The fields that a document gives, as one owns them who applies it; and what is wrong with it on the way.</summary>
internal sealed class DocumentFields
{
    private const int MostErrors = 50;

    private readonly List<string> _errors = [];

    /// <summary>Each as <c>.spec.replicas: expected numeric (int or float), got string</c>.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public FieldSet Of(JsonObject document, Schema schema)
    {
        var fields = Fields(document, FieldType.Root(schema), FieldPlace.Root);
        Emptied = EmptiedOf(document, FieldType.Root(schema));
        return fields;
    }

    private static FieldSet EmptiedOf(JsonNode? value, FieldType type)
    {
        var set = new FieldSet();
        if (value is not JsonObject and not JsonArray) return set;
        var granularity = type.Of(value, null);
        if (granularity == Granularity.Fields)
            foreach (var (name, field) in (JsonObject)value)
                set.Put(PathElement.Field(name), HasNone(field, type[name]), EmptiedOf(field, type[name]));
        else if (granularity == Granularity.Keyed)
            foreach (var item in (JsonArray)value)
                set.Put(type.StepTo(item, granularity), isMember: false, EmptiedOf(item, type.Element));
        return set;
    }

    // Of the rest, what is empty says nothing of what others have put there.
    private static bool HasNone(JsonNode? field, FieldType type) =>
        field is null || (type.Schema?.Kind is SchemaKind.List or SchemaKind.Map && (field is JsonArray { Count: 0 } or JsonObject { Count: 0 })
            && type.Of(field, null) == Granularity.Whole);

    /// <summary>Of what was read: the fields that are given and have no value, so that they are to have none.</summary>
    public FieldSet Emptied { get; private set; } = FieldSet.Empty;

    /// <summary>The fields of a document that is in order.</summary>
    public static FieldSet Read(JsonObject document, Schema schema) => new DocumentFields().Of(document, schema);

    /// <summary>
    /// With the fields that the schema names for which the set has something below: who owns all that is in an object owns the object, too.
    /// </summary>
    public static FieldSet WithNamed(FieldSet set, FieldType type)
    {
        var result = new FieldSet();
        foreach (var (element, isMember, below) in set.Entries)
        {
            var isField = element[0] == 'f';
            var inside = WithNamed(below, isField ? type[element[2..]] : type.Element);
            result.Put(element, isMember || (isField && type.Names(element[2..])), inside);
        }
        return result;
    }

    private FieldSet Fields(JsonObject obj, FieldType type, FieldPlace place)
    {
        var set = new FieldSet();
        foreach (var (name, value) in obj)
        {
            var step = PathElement.Field(name);
            var there = new FieldPlace(place, step);
            if (type.Schema is { Kind: SchemaKind.Object, Open: false } && !type.Names(name))
            {
                Report(there, "field not declared in schema");
                continue;
            }
            var below = Node(value, type[name], there, out var isMember);
            set.Put(step, isMember || !type.Names(name) || value is null or JsonObject { Count: 0 }, below);
        }
        return set;
    }

    // Whether the value itself is a member, and what is below it.
    private FieldSet Node(JsonNode? value, FieldType type, FieldPlace place, out bool isMember)
    {
        isMember = true;
        if (value is null) return FieldSet.Empty;
        if (Wrong(value, type.Schema) is { } wrong)
        {
            Report(place, wrong);
            return FieldSet.Empty;
        }
        var granularity = type.Of(value, null);
        if (granularity == Granularity.Whole)
        {
            // What is owned as a whole is looked through for what does not belong there.
            if (value is JsonObject map && type.Schema?.Kind is SchemaKind.Object or SchemaKind.Map) Fields(map, type, place);
            if (value is JsonArray list && type.Element.Schema is not null)
                for (var i = 0; i < list.Count; i++) Node(list[i], type.Element, new(place, PathElement.Index(i)), out _);
            return FieldSet.Empty;
        }
        isMember = false;
        return granularity == Granularity.Fields ? Fields((JsonObject)value, type, place) : Items((JsonArray)value, type, granularity, place);
    }

    private FieldSet Items(JsonArray items, FieldType type, Granularity granularity, FieldPlace place)
    {
        var (set, seen) = (new FieldSet(), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < items.Count; i++)
        {
            if (WrongItem(items[i], type, granularity) is { } wrong)
            {
                Report(place, $"element {i}: {wrong}");
                continue;
            }
            var step = type.StepTo(items[i], granularity);
            if (!seen.Add(step)) Report(place, $"duplicate entries for key {PathElement.Describe(step)}");
            set.Put(step, isMember: true, Node(items[i], type.Element, new(place, step), out _));
        }
        return set;
    }

    private static string? WrongItem(JsonNode? item, FieldType type, Granularity granularity)
    {
        if (granularity == Granularity.Set)
            return item switch
            {
                null => "associative list without keys has an element that's an explicit null",
                JsonObject => "associative list without keys has an element that's a map type",
                JsonArray => "not supported: associative list with lists as elements",
                _ => null,
            };
        if (item is null) return "associative list with keys may not have a null element";
        if (item is not JsonObject element) return "associative list with keys may not have non-map elements";
        return type.MissingKey(element) is { } key
            ? $"associative list with keys has an element that omits key field \"{key}\" (and doesn't have default value)"
            : null;
    }

    private static string? Wrong(JsonNode value, Schema? schema)
    {
        var kind = value.GetValueKind();
        var isScalar = kind is not (JsonValueKind.Object or JsonValueKind.Array);
        return schema?.Kind switch
        {
            SchemaKind.Object or SchemaKind.Map when kind != JsonValueKind.Object => $"expected map, got {Print(value)}",
            SchemaKind.List when kind != JsonValueKind.Array => $"expected list, got {Print(value)}",
            SchemaKind.String or SchemaKind.Bytes or SchemaKind.Time or SchemaKind.MicroTime when kind != JsonValueKind.String =>
                $"expected string, got {Print(value)}",
            SchemaKind.Boolean when kind is not (JsonValueKind.True or JsonValueKind.False) => $"expected boolean, got {Print(value)}",
            SchemaKind.Int32 or SchemaKind.Int64 or SchemaKind.Double when kind != JsonValueKind.Number =>
                $"expected numeric (int or float), got {TypeMeta.Describe(value)}",
            SchemaKind.Quantity or SchemaKind.IntOrString when !isScalar => $"expected any scalar, got {Print(value)}",
            _ => null,
        };
    }

    private static string Print(JsonNode value) => $"&{{{value.ToJsonString()}}}";

    private void Report(FieldPlace place, string what)
    {
        const int longest = 1024;
        if (_errors.Count >= MostErrors) return;
        var text = $"{place.Text(longest)}: {what}";
        _errors.Add(text.Length <= longest ? text : text[..longest] + "...");
    }
}
