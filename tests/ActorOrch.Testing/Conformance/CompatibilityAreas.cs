namespace ActorOrch.Testing.Conformance;

/// <summary>The area of the README's table to which an area of Kubernetes' conformance suite belongs.</summary>
public static class CompatibilityAreas
{
    private static readonly (string Prefix, string Area)[] All =
    [
        ("apimachinery/aggregator", "extension"),
        ("apimachinery/crd_", "extension"),
        ("apimachinery/custom_resource_definition", "extension"),
        ("apimachinery/flowcontrol", "extension"),
        ("apimachinery/resource_quota", "quotas"),
        ("apimachinery/validatingadmissionpolicy", "extension"),
        ("apimachinery/webhook", "extension"),
        ("apimachinery/", "API"),
        ("apps/controller_revision", "API"),
        ("apps/", "workloads"),
        ("architecture/", "cluster"),
        ("auth/", "access"),
        ("common/network/", "services"),
        ("common/node/lease", "API"),
        ("common/node/podtemplates", "API"),
        ("common/node/", "pods"),
        ("common/storage/", "volumes"),
        ("instrumentation/", "API"),
        ("kubectl/", "kubectl"),
        ("network/proxy", "streams"),
        ("network/dns", "DNS"),
        ("network/", "services"),
        ("node/taints", "healing"),
        ("node/node_lifecycle", "API"),
        ("node/", "pods"),
        ("scheduling/limit_range", "quotas"),
        ("scheduling/", "scheduling"),
        ("storage/", "volumes"),
    ];

    /// <exception cref="InvalidDataException">The suite's area is of none.</exception>
    public static string Of(string area) =>
        All.Where(a => area.StartsWith(a.Prefix, StringComparison.Ordinal)).OrderByDescending(a => a.Prefix.Length).Select(a => a.Area).FirstOrDefault()
        ?? throw new InvalidDataException($"the table has no area for \"{area}\"");
}
