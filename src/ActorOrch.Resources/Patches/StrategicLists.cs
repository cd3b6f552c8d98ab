using System.Text.Json.Nodes;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Patches;

/// <summary>
/// How lists with the patch strategy <c>merge</c> merge. The order of the result: that of the patch among the patch's elements, that of
/// the live list among the others, and the others go in front of the first element of the patch that followed them.
/// </summary>
internal static class StrategicLists
{
    /// <summary>Merges without a given order.</summary>
    public static List<JsonNode?> Merge(List<JsonNode?> live, JsonArray patch, PatchRule rule, Schema? element)
    {
        var (merged, serverOrder, patchOrder) = Contents(live, patch, rule, element);
        return Arrange(merged, serverOrder, patchOrder, rule.MergeKey);
    }

    /// <summary>Merges, then arranges by <c>$setElementOrder</c>.</summary>
    public static List<JsonNode?> MergeInOrder(List<JsonNode?> live, JsonArray? patch, JsonArray order, PatchRule rule, Schema? element)
    {
        var serverOrder = Keys(live, rule.MergeKey);
        var merged = patch is null ? live : rule.Merges ? Merge(live, patch, rule, element) : Copies(patch);
        return Arrange(merged, serverOrder, Keys(order, rule.MergeKey), rule.MergeKey);
    }

    /// <summary>The elements but those of a list of scalars.</summary>
    public static List<JsonNode?> Without(List<JsonNode?> live, JsonArray unwanted)
    {
        var gone = Keys(unwanted, null).ToHashSet();
        live.RemoveAll(item => gone.Contains(Key(item, null)));
        return live;
    }

    /// <summary>Throws 400 unless the patch's elements come in the order that <c>$setElementOrder</c> gives.</summary>
    public static void RequireSameOrder(JsonArray patch, JsonArray order, string? mergeKey)
    {
        if (order.Count == 0) return;
        var wanted = Keys(order, mergeKey);
        var at = 0;
        foreach (var item in patch)
        {
            if (item is JsonObject map && map.ContainsKey(PatchDirectives.Patch)) continue;
            var key = Key(item, mergeKey);
            while (at < wanted.Count && wanted[at] != key) at++;
            if (at++ == wanted.Count)
                throw PatchErrors.Malformed($"The order in patch list:\n{patch.ToJsonString()}\n doesn't match $setElementOrder list:\n{order.ToJsonString()}\n");
        }
    }

    private static (List<JsonNode?> Merged, List<string> ServerOrder, List<string> PatchOrder) Contents(
        List<JsonNode?> live, JsonArray patch, PatchRule rule, Schema? element)
    {
        RequireOneShape(live, patch);
        if (rule.MergeKey is not { } mergeKey || (live.Count > 0 ? live[0] : patch.Count > 0 ? patch[0] : null) is not JsonObject)
            return Scalars(live, patch);

        var additions = new List<JsonObject>(patch.Count);
        var gone = new HashSet<string>();
        var replace = false;
        foreach (var item in patch)
        {
            var changes = item!.AsObject();
            switch (PatchDirectives.Of(changes))
            {
                case null:
                    additions.Add(changes);
                    break;
                case "delete":
                    gone.Add(Key(changes, mergeKey));
                    break;
                case "replace":
                    replace = true;
                    break;
                default:
                    throw PatchErrors.Malformed("merging lists cannot yet be specified in the patch");
            }
        }
        if (gone.Count > 0) live.RemoveAll(existing => gone.Contains(Key(existing, mergeKey)));
        if (replace) return (additions.ConvertAll(a => (JsonNode?)a.DeepClone()), [.. additions.Select(a => Key(a, mergeKey))], []);
        var serverOrder = Keys(live, mergeKey);
        var places = Places(serverOrder);
        var patchOrder = additions.ConvertAll(a => Key(a, mergeKey));
        for (var i = 0; i < additions.Count; i++)
        {
            if (places.TryGetValue(patchOrder[i], out var at)) live[at] = StrategicMerge.Objects(live[at]!.AsObject(), additions[i], element);
            else
            {
                places.Add(patchOrder[i], live.Count);
                live.Add(StrategicMerge.Objects([], additions[i], element));
            }
        }
        return (live, serverOrder, patchOrder);
    }

    private static (List<JsonNode?>, List<string>, List<string>) Scalars(List<JsonNode?> live, JsonArray patch)
    {
        var serverOrder = Keys(live, null);
        var patchOrder = Keys(patch, null);
        var seen = new HashSet<string>();
        var merged = live.Concat(Copies(patch)).Where(item => seen.Add(Key(item, null))).ToList();
        return (merged, serverOrder, patchOrder);
    }

    // Both orders hold; an element of the server alone goes before one of the patch only where the live list had them so.
    private static List<JsonNode?> Arrange(List<JsonNode?> merged, List<string> serverOrder, List<string> patchOrder, string? mergeKey)
    {
        var (onServer, inPatch) = (Places(serverOrder), Places(patchOrder));
        var keyed = merged.ConvertAll(item => (Item: item, Key: Key(item, mergeKey)));
        var patched = keyed.Where(k => inPatch.ContainsKey(k.Key)).OrderBy(k => inPatch[k.Key]).ToList();
        var serverOnly = keyed.Where(k => !inPatch.ContainsKey(k.Key)).OrderBy(k => onServer.GetValueOrDefault(k.Key, -1)).ToList();
        var result = new List<JsonNode?>(merged.Count);
        int s = 0, p = 0;
        while (s < serverOnly.Count || p < patched.Count)
        {
            var takeServer = p == patched.Count || (s < serverOnly.Count && Precedes(serverOnly[s].Key, patched[p].Key));
            result.Add(takeServer ? serverOnly[s++].Item : patched[p++].Item);
        }
        return result;

        bool Precedes(string server, string patch) =>
            onServer.TryGetValue(server, out var first) && onServer.TryGetValue(patch, out var second) && first < second;
    }

    // Where each key stands first.
    private static Dictionary<string, int> Places(List<string> keys)
    {
        var places = new Dictionary<string, int>(keys.Count);
        for (var i = 0; i < keys.Count; i++) places.TryAdd(keys[i], i);
        return places;
    }

    private static void RequireOneShape(List<JsonNode?> live, JsonArray patch)
    {
        bool? objects = null;
        foreach (var item in live.Concat(patch))
        {
            if (item is JsonArray) throw PatchErrors.Malformed("lists of lists are not supported");
            if ((objects ??= item is JsonObject) != item is JsonObject)
                throw PatchErrors.Malformed($"list element types are not identical: {patch.ToJsonString()}");
        }
    }

    private static List<JsonNode?> Copies(JsonArray list) => list.Select(item => item?.DeepClone()).ToList();

    private static List<string> Keys(IEnumerable<JsonNode?> list, string? mergeKey) => list.Select(item => Key(item, mergeKey)).ToList();

    // What tells elements apart: the merge key's value, or the scalar itself.
    private static string Key(JsonNode? item, string? mergeKey)
    {
        if (mergeKey is null) return item?.ToJsonString() ?? "null";
        return item is JsonObject map && map[mergeKey] is { } key
            ? key.ToJsonString()
            : throw PatchErrors.Malformed($"map: {item?.ToJsonString() ?? "<nil>"} does not contain declared merge key: {mergeKey}");
    }
}
