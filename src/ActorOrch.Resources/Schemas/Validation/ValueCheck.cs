using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>
/// Checks a value against the rules of a schema, in the words and with the order of upstream's <c>kube-openapi</c>, as the API server passes them on. Each check
/// counts what matched: of several schemas of which one had to fit, the errors of the one that came closest are told. Pure.
/// </summary>
internal static class ValueCheck
{
    // What concerns no field by itself: upstream has no path for it and prints that.
    private static readonly Field Nowhere = new(null, "<nil>");

    /// <summary>Tells each thing that is wrong once.</summary>
    public static void Run(Field value, ValueRules rules, FieldErrors errors)
    {
        var found = new FieldErrors();
        Check(value, rules, found);
        errors.Take(found);
    }

    // How many checks matched.
    private static int Check(Field value, ValueRules rules, FieldErrors errors)
    {
        var matches = CheckType(value, rules, errors);
        if (value.Node is not { } node)
        {
            CheckEnum(value, rules, errors);
            return matches;
        }
        matches += CheckJunctors(value, rules, errors);
        switch (node)
        {
            case JsonObject obj:
                CheckEnum(value, rules, errors);
                matches += CheckObject(value, obj, rules, errors);
                break;
            case JsonArray list:
                matches += CheckList(value, list, rules, errors);
                CheckEnum(value, rules, errors);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                matches += CheckText(value, rules, errors);
                CheckEnum(value, rules, errors);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number:
                matches += NumberCheck.Run(value, ValueNumber.Of(scalar), rules, errors);
                CheckEnum(value, rules, errors);
                break;
            default:
                CheckEnum(value, rules, errors);
                break;
        }
        // The check of enums counts whatever it finds.
        return matches + 2;
    }

    private static int CheckType(Field value, ValueRules rules, FieldErrors errors)
    {
        if (rules.Types.Length == 0) return 0;
        if (value.Node is null ? rules.IsNullable : rules.Types.Any(t => IsOf(value.Node, t))) return 2;
        var name = NameOf(value.Node);
        errors.TypeInvalid(Place(value), name, $"{value.Path} in body must be of type {string.Join(',', rules.Types)}: \"{name}\"");
        return 1;
    }

    private static int CheckJunctors(Field value, ValueRules rules, FieldErrors errors)
    {
        var matches = 2;
        if (rules.AnyOf.Length > 0) matches += AnyOf(value, rules.AnyOf, errors);
        if (rules.OneOf.Length > 0) matches += OneOf(value, rules.OneOf, errors);
        if (rules.AllOf.Length > 0) matches += AllOf(value, rules.AllOf, errors);
        if (rules.Not is { } not && Try(value, not).Errors.Count == 0) errors.Invalid(Nowhere, "", $"\"{value.Path}\" must not validate the schema (not)");
        return matches;
    }

    private static int AnyOf(Field value, ValueRules[] schemas, FieldErrors errors)
    {
        var best = Try(value, schemas[0]);
        for (var i = 1; i < schemas.Length && best.Errors.Any; i++)
        {
            var next = Try(value, schemas[i]);
            if (!next.Errors.Any || next.Matches > best.Matches) best = next;
        }
        if (best.Errors.Any) errors.Invalid(Nowhere, "", $"\"{value.Path}\" must validate at least one schema (anyOf)");
        errors.Take(best.Errors);
        return best.Matches;
    }

    private static int OneOf(Field value, ValueRules[] schemas, FieldErrors errors)
    {
        var valid = 0;
        (int Matches, FieldErrors Errors)? success = null, best = null;
        foreach (var schema in schemas)
        {
            var result = Try(value, schema);
            if (!result.Errors.Any)
            {
                valid++;
                success ??= result;
            }
            else if (best is null || result.Matches > best.Value.Matches) best = result;
        }
        if (valid == 1) return success!.Value.Matches;
        errors.Invalid(Nowhere, "", $"\"{value.Path}\" must validate one and only one schema (oneOf). {(valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives")}");
        if (valid > 0 || best is null) return 0;
        errors.Take(best.Value.Errors);
        return best.Value.Matches;
    }

    private static int AllOf(Field value, ValueRules[] schemas, FieldErrors errors)
    {
        var (valid, matches) = (0, 0);
        foreach (var schema in schemas)
        {
            var result = Try(value, schema);
            if (!result.Errors.Any) valid++;
            matches += result.Matches;
            errors.Take(result.Errors);
        }
        if (valid != schemas.Length) errors.Invalid(Nowhere, "", $"\"{value.Path}\" must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}");
        return matches;
    }

    private static (int Matches, FieldErrors Errors) Try(Field value, ValueRules rules)
    {
        var errors = new FieldErrors();
        return (Check(value, rules, errors), errors);
    }

    private static int CheckObject(Field value, JsonObject obj, ValueRules rules, FieldErrors errors)
    {
        if (obj.Count < rules.MinProperties)
        {
            errors.Invalid(Place(value), obj.Count, $"{value.Path} in body should have at least {rules.MinProperties} properties");
            return 1;
        }
        if (obj.Count > rules.MaxProperties)
        {
            errors.TooMany(Place(value), obj.Count, rules.MaxProperties.Value);
            return 1;
        }
        var matches = 1;
        foreach (var (name, _) in obj)
        {
            if (rules.Properties.TryGetValue(name, out var named)) matches += Check(value[name], named, errors);
            else if (rules.IsClosed) errors.Invalid(Place(value), name, $"{value[name].Path} in body is a forbidden property");
            else if (rules.AdditionalProperties is { } other) matches += Check(value[name], other, errors);
        }
        foreach (var name in rules.Required)
            if (!obj.ContainsKey(name)) errors.Required(value[name]);
        return matches;
    }

    private static int CheckList(Field value, JsonArray list, ValueRules rules, FieldErrors errors)
    {
        var matches = 2;
        if (rules.Items is { } items)
            foreach (var item in value.Items) matches += Check(item, items, errors);
        if (list.Count < rules.MinItems) errors.Invalid(Place(value), list.Count, $"{value.Path} in body should have at least {rules.MinItems} items");
        if (list.Count > rules.MaxItems) errors.TooMany(Place(value), list.Count, rules.MaxItems.Value);
        return matches;
    }

    private static int CheckText(Field value, ValueRules rules, FieldErrors errors)
    {
        var text = value.Text;
        var length = rules.MinLength is null && rules.MaxLength is null ? 0 : text.EnumerateRunes().Count();
        if (length > rules.MaxLength) errors.TooLong(Place(value), rules.MaxLength.Value);
        else if (length < rules.MinLength) errors.Invalid(Place(value), text, $"{value.Path} in body should be at least {rules.MinLength} chars long");
        else if (rules.Pattern is { } pattern && !pattern.Matches(text)) errors.Invalid(Place(value), text, $"{value.Path} in body should match '{pattern}'");
        if (rules.Format is not { } format) return 1;
        if (!Formats.IsValid(format, text)) errors.TypeInvalid(Place(value), text, $"{value.Path} in body must be of type {format}: \"{text}\"");
        return 2;
    }

    private static void CheckEnum(Field value, ValueRules rules, FieldErrors errors)
    {
        if (!rules.HasEnum || rules.Enum.Any(v => JsonNode.DeepEquals(v, value.Node))) return;
        errors.NotSupported(Place(value), value.Node is { } node ? node : "null", rules.Enum.Select(v => v is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : v?.ToJsonString() ?? "null"));
    }

    private static bool IsOf(JsonNode node, string type) => (type, node.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => ValueNumber.Of(node.AsValue()).IsWhole,
        _ => false,
    };

    private static string NameOf(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => ValueNumber.Of(node.AsValue()).Integer is null ? "number" : "integer",
        _ => "boolean",
    };

    private static Field Place(Field value) => value.Path.Length == 0 ? Nowhere : value;
}
