using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>
/// No path of a pod holds a zero byte: no operating system can open it. Fields are told by their names, wherever they stand, so a volume or
/// a handler that is added later is checked, too.
/// </summary>
internal static class PathValidation
{
    private const string ZeroByte = "must not contain a zero byte";

    public static void Validate(Field spec, FieldErrors errors)
    {
        // Names of places are made only where there is something to say.
        if (IsWrong(spec.Node, isPath: false)) Name(spec, isPath: false, errors);
    }

    internal static bool IsPath(string name) =>
        name is "workingDir" or "localhostProfile" or "subPathExpr" || name.EndsWith("path", StringComparison.OrdinalIgnoreCase);

    private static bool IsWrong(JsonNode? node, bool isPath)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map)
                    if (IsWrong(value, IsPath(name))) return true;
                return false;
            case JsonArray list:
                foreach (var item in list)
                    if (IsWrong(item, isPath)) return true;
                return false;
            default:
                return isPath && HasZero(node);
        }
    }

    private static void Name(Field field, bool isPath, FieldErrors errors)
    {
        if (field.Node is JsonObject map)
        {
            foreach (var (name, _) in map) Name(field[name], IsPath(name), errors);
            return;
        }
        foreach (var item in field.Items) Name(item, isPath, errors);
        if (isPath && HasZero(field.Node)) errors.Invalid(field, ZeroByte);
    }

    private static bool HasZero(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.Contains('\0', StringComparison.Ordinal);
}
