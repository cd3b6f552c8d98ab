using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>
/// <c>matchLabelKeys</c> and <c>mismatchLabelKeys</c> of pod affinity terms: as upstream, the values that a new pod has become part of the
/// term's selector, where they stay as they are.
/// </summary>
internal static class AffinityLabelKeys
{
    /// <summary>Merges them into the selectors of a pod that is being created.</summary>
    public static void Merge(JsonObject pod)
    {
        if (pod.Find("metadata")?.Find("labels") is not { } labels || pod.Find("spec")?.Find("affinity") is not { } affinity) return;
        foreach (var kind in (string[])["podAffinity", "podAntiAffinity"])
        {
            foreach (var term in Objects(affinity.Find(kind)?["requiredDuringSchedulingIgnoredDuringExecution"])) Merge(term, labels);
            foreach (var preferred in Objects(affinity.Find(kind)?["preferredDuringSchedulingIgnoredDuringExecution"]))
                if (preferred.Find("podAffinityTerm") is { } term) Merge(term, labels);
        }
    }

    /// <summary>Checks them; the selector of a pod has them in it already.</summary>
    public static void Validate(Field term, FieldErrors errors)
    {
        var (match, mismatch, selector) = (term["matchLabelKeys"], term["mismatchLabelKeys"], term["labelSelector"]);
        CheckKeys(match, selector, errors);
        CheckKeys(mismatch, selector, errors);
        var keys = new Dictionary<string, Field>();
        foreach (var key in match.Items) keys[key.Text] = key;
        var named = selector["matchLabels"].Entries.Select(e => e.Key).ToHashSet();
        foreach (var key in selector["matchExpressions"].Items.Select(e => e["key"].Text))
            if (!named.Add(key) && keys.TryGetValue(key, out var twice)) errors.Invalid(twice, "exists in both matchLabelKeys and labelSelector");
        var others = mismatch.Items.Select(k => k.Text).ToHashSet();
        foreach (var key in match.Items)
            if (others.Contains(key.Text)) errors.Invalid(key, "exists in both matchLabelKeys and mismatchLabelKeys");
    }

    private static void CheckKeys(Field keys, Field selector, FieldErrors errors)
    {
        if (keys.Node is not JsonArray { Count: > 0 }) return;
        if (!selector.Exists) errors.Forbidden(keys, "must not be specified when labelSelector is not set");
        else
            foreach (var key in keys.Items) Checks.QualifiedName(key, errors);
    }

    private static void Merge(JsonObject term, JsonObject labels)
    {
        if (term.Find("labelSelector") is not { } selector) return;
        Merge(term["matchLabelKeys"], "In");
        Merge(term["mismatchLabelKeys"], "NotIn");

        void Merge(JsonNode? keys, string @operator)
        {
            foreach (var key in keys as JsonArray ?? [])
            {
                if (key is not JsonValue written || !written.TryGetValue<string>(out var name) || labels[name] is not { } value) continue;
                if (selector["matchExpressions"] is not JsonArray expressions) selector["matchExpressions"] = expressions = [];
                expressions.Add(new JsonObject { ["key"] = name, ["operator"] = @operator, ["values"] = new JsonArray(value.DeepClone()) });
            }
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
