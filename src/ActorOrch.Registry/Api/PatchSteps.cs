using System.Text.Json.Nodes;
using ActorOrch.Resources;

namespace ActorOrch.Registry;

/// <summary>From a stored object and a patch to the document that is to replace it.</summary>
internal static class PatchSteps
{
    public static JsonObject Apply(ResourceType type, ObjectKey key, StoredObject current, PatchType patchType, JsonNode patch, WriteOptions options)
    {
        var before = current.ToJson();
        var patched = patchType switch
        {
            PatchType.Json => JsonPatch.Apply(before, patch, type),
            PatchType.Merge => MergePatch.Apply(before, patch, type),
            PatchType.StrategicMerge => StrategicMergePatch.Apply(before, patch, type),
            _ => throw new ArgumentOutOfRangeException(nameof(patchType), patchType, "no such patch type"),
        };
        var strictErrors = SchemaCheck.Normalize(patched, type);
        if (strictErrors.Count > 0)
        {
            if (options.FieldValidation == FieldValidation.Strict) throw StrictErrors.OfPatch(patched, strictErrors);
            if (options.FieldValidation == FieldValidation.Warn)
                foreach (var error in strictErrors) options.Warnings.Add(error);
        }
        UpdateSteps.CheckRequest(key, patched);
        return patched;
    }
}
