using System.Text.Json.Nodes;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Networking.Addresses;

/// <summary>Which address families a service has, from what its writer asked for and what the cluster offers (ipFamilyPolicy, ipFamilies).</summary>
internal static class ServiceFamilies
{
    private const string SingleStack = "SingleStack", RequireDualStack = "RequireDualStack";

    /// <param name="cluster">The cluster's families, its default first.</param>
    public static void Settle(JsonObject service, JsonObject? oldSpec, IReadOnlyList<string> cluster, FieldErrors errors)
    {
        var root = Field.Root(service)["spec"];
        var spec = root.Node!.AsObject();
        var headless = root["clusterIP"].Text == "None" || Texts(spec, "clusterIPs") is ["None", ..];
        var selectorless = spec["selector"] is not JsonObject { Count: > 0 };
        var policy = root["ipFamilyPolicy"];
        if (policy.Text.Length == 0)
            spec["ipFamilyPolicy"] = oldSpec?["ipFamilyPolicy"]?.DeepClone() ?? (headless && selectorless ? RequireDualStack : SingleStack);
        policy = root["ipFamilyPolicy"];
        var single = policy.Text == SingleStack;

        if (oldSpec is not null) FollowOld(spec, oldSpec, single, policy, errors);
        if (single && Texts(spec, "clusterIPs").Count == 2)
            errors.Invalid(policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
        if (single && Texts(spec, "ipFamilies").Count == 2)
            errors.Invalid(policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
        var families = Infer(root, Texts(spec, "ipFamilies"), cluster, errors);
        if (errors.Any) return;

        if (headless && selectorless)
        {
            // Its endpoints are its owner's business, so it may have families that the cluster's services have not.
            if (families.Count == 0) families.Add(cluster[0]);
            if (families.Count < 2 && !single) families.Add(Other(families[0]));
        }
        else
        {
            Check(root, families, cluster, policy, errors);
            if (errors.Any) return;
            if (families.Count == 0) families.Add(cluster[0]);
            if (families.Count == 1 && !single && cluster.Count == 2) families.Add(Other(families[0]));
        }
        spec["ipFamilies"] = Array(families);
    }

    private static void FollowOld(JsonObject spec, JsonObject oldSpec, bool single, Field policy, FieldErrors errors)
    {
        foreach (var (name, what) in (ReadOnlySpan<(string, string)>)[("clusterIPs", "cluster IP"), ("ipFamilies", "IP family")])
        {
            var (now, old) = (Texts(spec, name), Texts(oldSpec, name));
            if (single)
            {
                // With nothing else changed, asking for a single stack means to give up the second.
                if (now.Count > 1 && now.SequenceEqual(old)) spec[name] = Array(now.Take(1));
            }
            else if (now.Count == 1 && old.Count == 2) errors.Invalid(policy, $"must be 'SingleStack' to release the secondary {what}");
        }
    }

    private static List<string> Infer(Field root, List<string> families, IReadOnlyList<string> cluster, FieldErrors errors)
    {
        var addresses = Texts(root.Node!.AsObject(), "clusterIPs");
        for (var i = families.Count; i < addresses.Count && addresses[i] != "None"; i++)
        {
            if (!NetworkAddress.TryParse(addresses[i], out var address)) break;
            var family = AddressRange.FamilyOf(address.Value);
            if (cluster.Contains(family)) families.Add(family);
            else errors.Invalid(new(root["clusterIPs"].Node, $"spec.clusterIPs[{i}]"), $"{family} is not configured on this cluster");
        }
        return families;
    }

    private static void Check(Field root, List<string> families, IReadOnlyList<string> cluster, Field policy, FieldErrors errors)
    {
        if (policy.Text == RequireDualStack && cluster.Count < 2) errors.Invalid(policy, "this cluster is not configured for dual-stack services");
        for (var i = 0; i < families.Count; i++)
            if (!cluster.Contains(families[i])) errors.Invalid(new(JsonValue.Create(families[i]), $"{root.Path}.ipFamilies[{i}]"), "not configured on this cluster");
    }

    internal static List<string> Texts(JsonObject spec, string name) =>
        spec[name] is JsonArray array ? [.. array.Select(n => new Field(n, "").Text)] : [];

    internal static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static string Other(string family) => family == "IPv4" ? "IPv6" : "IPv4";
}
