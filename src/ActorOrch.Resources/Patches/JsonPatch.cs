using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Patches;

/// <summary>JSON patch (RFC 6902): a list of operations, all or none.</summary>
public static class JsonPatch
{
    private const int MostOperations = 10_000;

    /// <summary>The patched copy; <paramref name="current"/> stays as it is. The result is not yet checked against the schema.</summary>
    /// <exception cref="ApiException">400 for what is no patch, 413 for too many operations, 422 for one that fails.</exception>
    public static JsonObject Apply(JsonObject current, JsonNode? patch, ResourceType type) => Apply(current, patch);

    /// <inheritdoc cref="Apply(JsonObject, JsonNode?, ResourceType)"/>
    public static JsonObject Apply(JsonObject current, JsonNode? patch)
    {
        if (patch is not JsonArray list)
            throw PatchErrors.Malformed($"error decoding patch: json: cannot unmarshal {(patch is null ? "null" : TypeMeta.Describe(patch))} into Go value of type []handlers.jsonPatchOp");
        if (list.Count > MostOperations)
            throw PatchErrors.TooLarge($"The allowed maximum operations in a JSON patch is {MostOperations}, got {list.Count}");
        // Read before any runs, so that a malformed patch is refused whatever the object holds.
        var operations = list.Select(JsonPatchOperation.Read).ToList();
        JsonNode? root = current.DeepClone();
        var work = new PatchWork();
        foreach (var operation in operations)
        {
            var (done, result) = operation.Run(root, work);
            if (!done) throw PatchErrors.DoesNotFit();
            root = result;
        }
        return root as JsonObject ?? throw PatchErrors.DoesNotFit();
    }
}
