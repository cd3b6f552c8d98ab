using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Services;

/// <summary>The defaults of <c>core/v1 Service</c>.</summary>
internal static class ServiceDefaults
{
    // Three hours.
    private const long AffinitySeconds = 10800;

    public static void Apply(JsonObject obj)
    {
        var spec = obj.Child("spec");
        spec.Default("sessionAffinity", "None");
        if (spec.Text("sessionAffinity") == "None") spec.Remove("sessionAffinityConfig");
        if (spec.Text("sessionAffinity") == "ClientIP")
            spec.Child("sessionAffinityConfig").Child("clientIP").Default("timeoutSeconds", AffinitySeconds);
        spec.Default("type", "ClusterIP");
        foreach (var port in spec.Objects("ports")) Port(port);
        ServiceAllocations.NormalizeClusterIPs(spec, null);

        var type = spec.Text("type");
        var hasClusterIP = ServiceAllocations.NeedsClusterIP(type);
        var isExternal = ServiceAllocations.NeedsNodePorts(type) || (type == "ClusterIP" && spec["externalIPs"] is JsonArray { Count: > 0 });
        if (isExternal) spec.Default("externalTrafficPolicy", "Cluster");
        if (hasClusterIP) spec.Default("internalTrafficPolicy", "Cluster");
        if (type == "LoadBalancer") spec.Default("allocateLoadBalancerNodePorts", true);
        // Two addresses or families must be asked for in words: validation says so.
        if (hasClusterIP && spec["clusterIPs"] is not JsonArray { Count: > 1 } && spec["ipFamilies"] is not JsonArray { Count: > 1 })
            spec.Default("ipFamilyPolicy", IsHeadlessWithoutSelector(spec) ? "RequireDualStack" : "SingleStack");
        obj.Child("status").Child("loadBalancer");
    }

    // Whoever keeps the endpoints of such a service may add addresses of both families.
    private static bool IsHeadlessWithoutSelector(JsonObject spec) =>
        spec.Text("clusterIP") == "None" && spec.Find("selector") is not { Count: > 0 };

    private static void Port(JsonObject port)
    {
        port.Default("protocol", "TCP");
        var target = new Field(port["targetPort"], "");
        if ((target.Integer ?? 0) == 0 && target.Text.Length == 0 && port["port"] is { } number) port["targetPort"] = number.DeepClone();
    }
}
