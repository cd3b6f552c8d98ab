using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Patches;

/// <summary>The fields of a strategic merge patch that are no fields of the object.</summary>
internal static class PatchDirectives
{
    public const string Patch = "$patch";
    public const string RetainKeys = "$retainKeys";
    public const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";
    public const string SetElementOrder = "$setElementOrder/";

    /// <summary>The value of <c>$patch</c>: <c>delete</c>, <c>replace</c>, <c>merge</c>; null where there is none. Throws 400 for any other.</summary>
    public static string? Of(JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(Patch, out var value)) return null;
        return value is JsonValue text && text.TryGetValue<string>(out var directive) && directive is "delete" or "replace" or "merge"
            ? directive
            : throw PatchErrors.Malformed($"unknown patch type: {value?.ToJsonString() ?? "<nil>"} in map: {patch.ToJsonString()}");
    }

    /// <summary>Whether the field orders or deletes elements of another.</summary>
    public static bool IsParallelList(string name) =>
        name.StartsWith(DeleteFromPrimitiveList, StringComparison.Ordinal) || name.StartsWith(SetElementOrder, StringComparison.Ordinal);
}
