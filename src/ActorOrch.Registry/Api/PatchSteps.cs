using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Patches;
using ActorOrch.Resources.Schemas;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Registry.Api;

/// <summary>From a stored object and a patch, which is one of the version of the request, to the document that is to replace it.</summary>
internal static class PatchSteps
{
    public static JsonObject Apply(ResourceType type, ObjectKey key, StoredObject current, PatchType patchType, JsonNode patch, WriteOptions options)
    {
        var before = type.FromStorage(current.ToJson());
        // What a patch does not speak of need not be checked again.
        if (!MaySpeakOfManagers(patchType, patch)) OwnershipSteps.Take(before);
        var patched = patchType == PatchType.StrategicMerge ? StrategicMergePatch.Apply(before, patch, type) : Merged(before, patchType, patch);
        Settle(patched, Schema.Of(type), type.Document, patchType, options);
        RequestedObject.CheckReplaces(key, patched);
        CheckUid(type, current, patched);
        return type.ToStorage(patched);
    }

    /// <summary>Of a view, which is not changed.</summary>
    public static JsonObject ApplyToView(ObjectView view, JsonObject before, PatchType patchType, JsonNode patch, WriteOptions options)
    {
        var patched = patchType == PatchType.StrategicMerge ? StrategicMergePatch.Apply(before, patch, view.Kind!.Schema) : Merged(before, patchType, patch);
        Settle(patched, view.Kind!.Schema, view.Kind, patchType, options);
        return patched;
    }

    private static JsonObject Merged(JsonObject before, PatchType patchType, JsonNode patch) => patchType switch
    {
        PatchType.Json => JsonPatch.Apply(before, patch),
        PatchType.Merge => MergePatch.Apply(before, patch),
        _ => throw new ArgumentOutOfRangeException(nameof(patchType), patchType, "no such patch type"),
    };

    private static void Settle(JsonObject patched, Schema schema, DocumentKind kind, PatchType patchType, WriteOptions options)
    {
        var strictErrors = SchemaCheck.Normalize(patched, schema);
        if (strictErrors.Count > 0)
        {
            if (options.FieldValidation == FieldValidation.Strict) throw StrictErrors.OfPatch(patched, strictErrors);
            if (options.FieldValidation == FieldValidation.Warn)
                foreach (var error in strictErrors) options.Warnings.Add(error);
        }
        // A strategic merge is, as upstream's, one of fields alone: what it says of its kind is not asked.
        if (patchType != PatchType.StrategicMerge) SchemaCheck.KeepsItsKind(patched, kind.Group, kind.Version, kind.Kind);
    }

    private static bool MaySpeakOfManagers(PatchType patchType, JsonNode patch)
    {
        if (patchType != PatchType.Json) return patch is not JsonObject changes || changes.ContainsKey("$patch") || (changes.TryGetPropertyValue("metadata", out var metadata)
            && (metadata is not JsonObject fields || fields.ContainsKey("managedFields") || fields.ContainsKey("$patch") || fields.ContainsKey("$retainKeys")));
        return patch is not JsonArray operations || operations.Any(o => o is not JsonObject operation || IsAbout(operation["path"]) || IsAbout(operation["from"]));
    }

    // The whole of metadata, or of the document, has the managers in it.
    private static bool IsAbout(JsonNode? pointer) =>
        pointer is JsonValue value && value.TryGetValue<string>(out var path)
        && (path.Length == 0 || path == "/metadata" || path.StartsWith("/metadata/managedFields", StringComparison.Ordinal));

    /// <summary>What is a precondition in an update is a change in a patch.</summary>
    private static void CheckUid(ResourceType type, StoredObject current, JsonObject patched)
    {
        var uid = Field.Root(patched)["metadata"]["uid"];
        if (uid.Text.Length == 0 || uid.Text == current.Uid) return;
        var errors = new FieldErrors();
        errors.Invalid(uid, "field is immutable");
        throw ApiException.Invalid(type, current.Key.Name, errors.All);
    }
}
