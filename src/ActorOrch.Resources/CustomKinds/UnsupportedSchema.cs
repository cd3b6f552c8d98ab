using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas.Validation;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>What JSON schemas may say and those of definitions may not: nobody would check it.</summary>
internal static class UnsupportedSchema
{
    private static readonly string[] Keywords = ["$ref", "definitions", "dependencies", "patternProperties", "additionalItems"];

    public static void Check(Field schema, FieldErrors errors)
    {
        if (schema.Node is not JsonObject) return;
        foreach (var name in Keywords)
            if (schema[name].Exists) errors.Forbidden(schema[name], $"{name} is not supported");
        if (schema["uniqueItems"].Flag == true) errors.Forbidden(schema["uniqueItems"], "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        if (schema["pattern"].Text is { Length: > 0 } pattern && !new ValuePattern(pattern).IsValid) errors.Invalid(schema["pattern"], "must be a valid regular expression");
        foreach (var (_, property) in schema["properties"].Entries) Check(property, errors);
        foreach (var name in (ReadOnlySpan<string>)["items", "additionalProperties", "not"]) Check(schema[name], errors);
        foreach (var name in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf"])
            foreach (var one in schema[name].Items) Check(one, errors);
    }
}
