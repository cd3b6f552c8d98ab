using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds.Services;

/// <summary>
/// What the system gave a service (addresses, node ports) and a writer left out of an update: it stays while the type still needs it,
/// and is released when the type changes to one that does not. Both forms of the address, <c>clusterIP</c> and <c>clusterIPs</c>, stay alike.
/// </summary>
internal static class ServiceAllocations
{
    public static void CarryOver(JsonObject spec, JsonObject old)
    {
        var (type, oldType) = (TypeOf(spec), TypeOf(old));
        NormalizeClusterIPs(spec, old);
        if (NeedsClusterIP(type) && NeedsClusterIP(oldType)) KeepClusterIPs(spec, old);
        if (NeedsNodePorts(type) && NeedsNodePorts(oldType)) KeepNodePorts(spec, old);
        if (NeedsClusterIP(type))
        {
            if (spec["ipFamilyPolicy"] is null) Copy(old, spec, "ipFamilyPolicy");
            if (spec["ipFamilies"] is not JsonArray { Count: > 0 }) Copy(old, spec, "ipFamilies");
        }
        DropUnneeded(spec, old, type, oldType);
    }

    /// <summary>Fills in the form of the cluster IP that the writer left out; follows a writer who changed only the older form.</summary>
    public static void NormalizeClusterIPs(JsonObject spec, JsonObject? old)
    {
        var address = spec.Text("clusterIP");
        var list = spec["clusterIPs"] as JsonArray;
        if (old is null)
        {
            if (address.Length > 0 && list is not { Count: > 0 }) spec["clusterIPs"] = new JsonArray(address);
            return;
        }
        var oldList = old["clusterIPs"] as JsonArray;
        if (address != old.Text("clusterIP"))
        {
            if (address.Length == 0 && JsonNode.DeepEquals(list, oldList)) spec.Remove("clusterIPs");
            else if (address.Length > 0 && (list is not { Count: > 0 } || JsonNode.DeepEquals(list, oldList))) spec["clusterIPs"] = new JsonArray(address);
        }
    }

    private static void KeepClusterIPs(JsonObject spec, JsonObject old)
    {
        if (spec.Text("clusterIP").Length == 0) Copy(old, spec, "clusterIP");
        if (spec["clusterIPs"] is not JsonArray { Count: > 0 } && spec.Text("clusterIP") == old.Text("clusterIP")) Copy(old, spec, "clusterIPs");
    }

    private static void KeepNodePorts(JsonObject spec, JsonObject old)
    {
        var taken = spec.Objects("ports").Select(Key).Where(k => k.NodePort != 0).ToHashSet();
        var former = new Dictionary<(string, long?), JsonObject>();
        foreach (var port in old.Objects("ports")) former.TryAdd((Protocol(port), port.Integer("port")), port);
        foreach (var port in spec.Objects("ports"))
        {
            if ((port.Integer("nodePort") ?? 0) != 0) continue;
            var before = former.GetValueOrDefault((Protocol(port), port.Integer("port")));
            if (before?.Integer("nodePort") is { } number and > 0 && taken.Add((Protocol(port), number))) port["nodePort"] = JsonEditing.Number(number);
        }
        if ((spec.Integer("healthCheckNodePort") ?? 0) == 0 && NeedsHealthCheck(spec) && NeedsHealthCheck(old)) Copy(old, spec, "healthCheckNodePort");
    }

    private static void DropUnneeded(JsonObject spec, JsonObject old, string type, string oldType)
    {
        if (NeedsClusterIP(oldType) && !NeedsClusterIP(type))
        {
            if (Same(spec, old, "clusterIP")) spec.Remove("clusterIP");
            if (Same(spec, old, "clusterIPs")) spec.Remove("clusterIPs");
            foreach (var name in (string[])["ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"])
                if (Same(spec, old, name)) spec.Remove(name);
        }
        if (NeedsNodePorts(oldType) && !NeedsNodePorts(type))
        {
            var before = old.Objects("ports").Select(Key).ToHashSet();
            foreach (var port in spec.Objects("ports"))
                if (before.Contains(Key(port))) port.Remove("nodePort");
        }
        if (NeedsHealthCheck(old) && !NeedsHealthCheck(spec) && Same(spec, old, "healthCheckNodePort")) spec.Remove("healthCheckNodePort");
        if (oldType == "LoadBalancer" && type != "LoadBalancer")
            foreach (var name in (string[])["allocateLoadBalancerNodePorts", "loadBalancerClass"])
                if (Same(spec, old, name)) spec.Remove(name);
        if (NeedsNodePorts(oldType) && !NeedsNodePorts(type) && Same(spec, old, "externalTrafficPolicy")) spec.Remove("externalTrafficPolicy");
    }

    private static (string Protocol, long NodePort) Key(JsonObject port) => (Protocol(port), port.Integer("nodePort") ?? 0);

    private static string Protocol(JsonObject port) => port.Text("protocol") is { Length: > 0 } protocol ? protocol : "TCP";

    internal static string TypeOf(JsonObject spec) => spec.Text("type") is { Length: > 0 } type ? type : "ClusterIP";

    internal static bool NeedsClusterIP(string type) => type is "ClusterIP" or "NodePort" or "LoadBalancer";

    internal static bool NeedsNodePorts(string type) => type is "NodePort" or "LoadBalancer";

    private static bool NeedsHealthCheck(JsonObject spec) => TypeOf(spec) == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    private static bool Same(JsonObject a, JsonObject b, string name) => JsonNode.DeepEquals(a[name], b[name]);

    private static void Copy(JsonObject from, JsonObject to, string name)
    {
        if (from[name] is { } value) to[name] = value.DeepClone();
    }
}
