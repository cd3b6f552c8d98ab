using System.Text.Json.Nodes;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>The defaults of <c>core/v1 ResourceRequirements</c>. Amounts are stored in their canonical form, as upstream prints them.</summary>
internal static class ResourceDefaults
{
    public static void Apply(JsonObject resources)
    {
        if (resources.Find("limits") is { } limits) Canonicalize(limits);
        if (resources.Find("requests") is { } requests) Canonicalize(requests);
    }

    public static void RequestsFromLimits(JsonObject container)
    {
        if (container.Find("resources")?.Find("limits") is not { } limits) return;
        var requests = container.Child("resources").Child("requests");
        foreach (var (name, amount) in limits)
            if (amount is not null && !requests.ContainsKey(name)) requests[name] = amount.DeepClone();
    }

    /// <summary>Rewrites each amount that parses; validation names those that do not.</summary>
    public static void Canonicalize(JsonObject amounts)
    {
        foreach (var (name, node) in amounts.ToArray())
            if (TryRead(node, out var quantity)) amounts[name] = quantity.ToString();
    }

    /// <summary>Reads an amount that is written as a string or as a number.</summary>
    public static bool TryRead(JsonNode? node, out Quantity quantity)
    {
        quantity = default;
        if (node is not JsonValue value) return false;
        return value.TryGetValue<string>(out var text) ? Quantity.TryParse(text, out quantity)
            : value.GetValueKind() == System.Text.Json.JsonValueKind.Number && Quantity.TryParse(value.ToJsonString(), out quantity);
    }
}
