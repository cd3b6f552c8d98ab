using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Patches;

/// <summary>
/// Kubernetes' strategic merge patch: a merge patch whose lists merge too, by the merge keys of the kind, with directives for what a
/// merge alone cannot say (<c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList/…</c>, <c>$setElementOrder/…</c>).
/// </summary>
public static class StrategicMergePatch
{
    /// <summary>The patched copy; <paramref name="current"/> stays as it is. The result is not yet checked against the schema.</summary>
    /// <exception cref="ApiException">400 for what is no patch, 415 for a kind without a model, which has no merge keys.</exception>
    public static JsonObject Apply(JsonObject current, JsonNode? patch, ResourceType type)
    {
        if (type.Model is null)
            throw DecodingErrors.UnsupportedMediaType("application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml");
        return Apply(current, patch, Schema.Of(type));
    }

    /// <inheritdoc cref="Apply(JsonObject, JsonNode?, ResourceType)"/>
    public static JsonObject Apply(JsonObject current, JsonNode? patch, Schema schema)
    {
        if (patch is null) return current.DeepClone().AsObject();
        if (patch is not JsonObject changes)
            throw PatchErrors.Malformed($"json: cannot unmarshal {TypeMeta.Describe(patch)} into Go value of type map[string]interface {{}}");
        return StrategicMerge.Objects(current.DeepClone().AsObject(), changes, schema);
    }
}
