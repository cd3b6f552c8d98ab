using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;

namespace ActorOrch.Resources.Schemas;

/// <summary>Checks a document against a schema from OpenAPI v3, in upstream's words. Deeper than a schema reaches nothing is checked. Pure.</summary>
internal static class SchemaValidation
{
    /// <summary>A pattern that takes longer on one value is taken not to match.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <param name="isRoot">Whether apiVersion, kind and metadata are checked elsewhere.</param>
    public static void Validate(Field value, Schema schema, FieldErrors errors, bool isRoot = false)
    {
        if (schema.Source is not { ValueKind: JsonValueKind.Object } source) return;
        if (!value.Exists)
        {
            // Absence is for whoever requires the field.
            if (!isRoot && !schema.IsNullable) errors.Invalid(value, "null", $"{value.Path} in body must be of type {TypeOf(schema, source)}: \"null\"");
            return;
        }
        if (!HasType(value.Node!, schema))
        {
            errors.Invalid(value, NameOf(value.Node!), $"{value.Path} in body must be of type {TypeOf(schema, source)}: \"{NameOf(value.Node!)}\"");
            return;
        }
        CheckEnum(value, source, errors);
        switch (value.Node)
        {
            case JsonObject obj:
                CheckObject(value, obj, schema, source, errors);
                break;
            case JsonArray list:
                CheckList(value, list, schema, source, errors);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                CheckText(value, source, errors);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number:
                CheckNumber(value, source, errors);
                break;
        }
    }

    private static void CheckObject(Field value, JsonObject obj, Schema schema, JsonElement source, FieldErrors errors)
    {
        if (source.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
            foreach (var name in required.EnumerateArray().Select(r => r.GetString() ?? ""))
                if (!obj.ContainsKey(name)) errors.Required(value[name]);
        if (Number(source, "minProperties") is { } least && obj.Count < least) errors.Invalid(value, $"{value.Path} in body should have at least {least} properties");
        if (Number(source, "maxProperties") is { } most && obj.Count > most) errors.Invalid(value, $"{value.Path} in body should have at most {most} properties");
        if (schema.Kind == SchemaKind.Map)
            foreach (var (_, entry) in value.Entries) Validate(entry, schema.Element!, errors);
        else
            foreach (var (name, _) in obj)
                if (schema.TryGetField(name, out var field)) Validate(value[name], field.Type, errors);
    }

    private static void CheckList(Field value, JsonArray list, Schema schema, JsonElement source, FieldErrors errors)
    {
        if (Number(source, "minItems") is { } least && list.Count < least) errors.Invalid(value, $"{value.Path} in body should have at least {least} items");
        if (Number(source, "maxItems") is { } most && list.Count > most) errors.Invalid(value, $"{value.Path} in body should have at most {most} items");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var type = FieldType.Root(schema);
        var granularity = type.Of(list, null);
        foreach (var item in value.Items)
        {
            Validate(item, schema.Element!, errors);
            if (granularity is not (Granularity.Set or Granularity.Keyed)) continue;
            if (!seen.Add(type.StepTo(item.Node, granularity))) errors.Duplicate(item);
        }
    }

    private static void CheckText(Field value, JsonElement source, FieldErrors errors)
    {
        var text = value.Text;
        var length = new StringInfo(text).LengthInTextElements;
        if (Number(source, "minLength") is { } least && length < least) errors.Invalid(value, $"{value.Path} in body should be at least {least} chars long");
        if (Number(source, "maxLength") is { } most && length > most) errors.Invalid(value, $"{value.Path} in body should be at most {most} chars long");
        if (source.TryGetProperty("pattern", out var pattern) && pattern.GetString() is { } wanted && !Matches(text, wanted))
            errors.Invalid(value, $"{value.Path} in body should match '{wanted}'");
    }

    private static void CheckNumber(Field value, JsonElement source, FieldErrors errors)
    {
        if (!decimal.TryParse(value.Node!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return;
        if (Decimal(source, "minimum") is { } least && (number < least || (number == least && Flag(source, "exclusiveMinimum"))))
            errors.Invalid(value, $"{value.Path} in body should be greater than {(Flag(source, "exclusiveMinimum") ? "" : "or equal to ")}{least.ToString(CultureInfo.InvariantCulture)}");
        if (Decimal(source, "maximum") is { } most && (number > most || (number == most && Flag(source, "exclusiveMaximum"))))
            errors.Invalid(value, $"{value.Path} in body should be less than {(Flag(source, "exclusiveMaximum") ? "" : "or equal to ")}{most.ToString(CultureInfo.InvariantCulture)}");
        if (Decimal(source, "multipleOf") is { } of && of != 0 && number % of != 0)
            errors.Invalid(value, $"{value.Path} in body should be a multiple of {of.ToString(CultureInfo.InvariantCulture)}");
    }

    private static void CheckEnum(Field value, JsonElement source, FieldErrors errors)
    {
        if (!source.TryGetProperty("enum", out var allowed) || allowed.ValueKind != JsonValueKind.Array) return;
        var values = allowed.EnumerateArray().Select(v => JsonNode.Parse(v.GetRawText())).ToList();
        if (!values.Any(v => JsonNode.DeepEquals(v, value.Node))) errors.NotSupported(value, values.Select(v => v?.ToString() ?? "null"));
    }

    private static bool HasType(JsonNode value, Schema schema) => (schema.Kind, value.GetValueKind()) switch
    {
        (SchemaKind.Any, _) => true,
        (SchemaKind.Object or SchemaKind.Map, JsonValueKind.Object) => true,
        (SchemaKind.List, JsonValueKind.Array) => true,
        (SchemaKind.String, JsonValueKind.String) => true,
        (SchemaKind.Boolean, JsonValueKind.True or JsonValueKind.False) => true,
        (SchemaKind.IntOrString, JsonValueKind.String) => true,
        (SchemaKind.Int32 or SchemaKind.Int64 or SchemaKind.IntOrString, JsonValueKind.Number) => IsWhole(value),
        (SchemaKind.Double, JsonValueKind.Number) => true,
        _ => false,
    };

    private static bool IsWhole(JsonNode number) => decimal.TryParse(number.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value == decimal.Truncate(value);

    private static string TypeOf(Schema schema, JsonElement source) =>
        schema.Kind == SchemaKind.IntOrString ? "integer,string" : source.TryGetProperty("type", out var type) ? type.GetString() ?? "" : "object";

    private static string NameOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => IsWhole(value) ? "integer" : "number",
        _ => "boolean",
    };

    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static long? Number(JsonElement source, string name) =>
        source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static decimal? Decimal(JsonElement source, string name) =>
        source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;

    private static bool Flag(JsonElement source, string name) => source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
