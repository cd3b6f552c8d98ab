using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;

namespace ActorOrch.Resources.Patches;

/// <summary>JSON merge patch (RFC 7396): objects merge, null deletes, all else replaces.</summary>
public static class MergePatch
{
    /// <summary>The patched copy; <paramref name="current"/> stays as it is. The result is not yet checked against the schema.</summary>
    /// <exception cref="ApiException">400 where the patch is not an object.</exception>
    public static JsonObject Apply(JsonObject current, JsonNode? patch, ResourceType type) => Apply(current, patch);

    /// <inheritdoc cref="Apply(JsonObject, JsonNode?, ResourceType)"/>
    public static JsonObject Apply(JsonObject current, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            throw PatchErrors.Malformed(patch is null
                ? "Invalid JSON Patch"
                : $"error decoding patch: json: cannot unmarshal {TypeMeta.Describe(patch)} into Go value of type map[string]interface {{}}");
        var result = current.DeepClone().AsObject();
        Merge(result, changes);
        return result;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        List<string>? removed = null;
        foreach (var (name, value) in patch)
        {
            if (value is null) (removed ??= []).Add(name);
            else if (value is not JsonObject changes) target[name] = value.DeepClone();
            else if (target[name] is JsonObject inner) Merge(inner, changes);
            else
            {
                var created = new JsonObject();
                Merge(created, changes);
                target[name] = created;
            }
        }
        if (removed is not null) target.RemoveAll(removed);
    }
}
