using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>What stands in an object and is one itself (<c>x-kubernetes-embedded-resource</c>) says what it is, and has metadata that could be stored. Pure.</summary>
internal static class EmbeddedResources
{
    /// <param name="isRoot">Whether it is the object itself, which is checked elsewhere.</param>
    public static void Check(Field value, Schema schema, FieldErrors errors, bool isRoot = false)
    {
        switch (value.Node)
        {
            case JsonObject when schema is { Kind: SchemaKind.Map, Element: { } element }:
                foreach (var (_, entry) in value.Entries) Check(entry, element, errors);
                break;
            case JsonObject obj when schema.Kind == SchemaKind.Object:
                if (schema.IsResource && !isRoot) CheckResource(value, obj, errors);
                foreach (var (name, _) in obj)
                    if (schema.TryGetField(name, out var field) && field.Type.Source is not null) Check(value[name], field.Type, errors);
                break;
            case JsonArray when schema is { Kind: SchemaKind.List, Element: { } element }:
                foreach (var item in value.Items) Check(item, element, errors);
                break;
        }
    }

    private static void CheckResource(Field value, JsonObject obj, FieldErrors errors)
    {
        var (version, kind) = (value["apiVersion"], value["kind"]);
        if (!obj.ContainsKey("apiVersion")) errors.Required(version, "must not be empty");
        else if (version.Text.Length == 0) errors.Invalid(version, "", "must not be empty");
        else if (version.Text.Count(c => c == '/') > 1) errors.Invalid(version, $"unexpected GroupVersion string: {version.Text}");
        if (!obj.ContainsKey("kind")) errors.Required(kind, "must not be empty");
        else if (kind.Text.Length == 0) errors.Invalid(kind, "", "must not be empty");
        else if (Names.Dns1035Label(kind.Text.ToLowerInvariant()).ToList() is { Count: > 0 } wrong)
            errors.Invalid(kind, $"may have mixed case, but should otherwise match: {string.Join(",", wrong)}");
        if (value["metadata"].Exists) ObjectMetaValidation.ValidateEmbedded(value["metadata"], errors);
    }
}
