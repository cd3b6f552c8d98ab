using System.Text.Json.Nodes;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Services;

/// <summary>Checks <c>core/v1 Service</c>; the cluster IPs and ports have files of their own.</summary>
internal static class ServiceValidation
{
    // A day.
    private const long MostAffinitySeconds = 86400;

    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    private static readonly string[] Affinities = ["ClientIP", "None"];
    private static readonly string[] TrafficPolicies = ["Cluster", "Local"];

    public static void Validate(Field service, FieldErrors errors)
    {
        var spec = service["spec"];
        var type = spec["type"].Text;
        var isHeadless = ServiceAddresses.IsHeadless(spec);
        if (!spec["ports"].Items.Any() && !isHeadless && type != "ExternalName") errors.Required(spec["ports"]);
        CheckType(spec, type, isHeadless, errors);
        ServicePorts.Validate(spec["ports"], type, errors);
        ObjectMetaValidation.CheckLabels(spec["selector"], errors);
        CheckAffinity(spec, errors);
        if (type != "ExternalName") ServiceAddresses.Validate(spec, errors);
        foreach (var address in spec["externalIPs"].Items)
            if (NetworkAddress.TryParse(address.Text, out _)) Addresses.NotSpecial(address, errors);
            else Checks.IP(address, errors);
        Checks.OneOf(spec["type"], Types, errors);
        CheckLoadBalancer(spec, type, errors);
        CheckTraffic(spec, type, errors);
    }

    public static void ValidateUpdate(Field service, Field old, FieldErrors errors)
    {
        var (spec, before) = (service["spec"], old["spec"]);
        ServiceAddresses.ValidateUpdate(spec, before, errors);
        if (spec["type"].Text == "LoadBalancer" && before["type"].Text == "LoadBalancer"
            && !JsonNode.DeepEquals(spec["loadBalancerClass"].Node, before["loadBalancerClass"].Node))
            errors.Invalid(spec["loadBalancerClass"], "may not change once set");
        if (NeedsHealthCheck(spec) && NeedsHealthCheck(before) && spec["healthCheckNodePort"].Integer != before["healthCheckNodePort"].Integer)
            errors.Forbidden(spec["healthCheckNodePort"], Immutable.Message);
    }

    private static void CheckType(Field spec, string type, bool isHeadless, FieldErrors errors)
    {
        if (isHeadless && ServiceAllocations.NeedsNodePorts(type))
            errors.Invalid(spec["clusterIPs"].Items.First(), $"may not be set to 'None' for {type} services");
        if (type != "ExternalName") return;
        foreach (var name in (string[])["clusterIPs", "ipFamilies"])
            if (spec[name].Items.Any()) errors.Forbidden(spec[name], "may not be set for ExternalName services");
        if (spec["ipFamilyPolicy"].Exists) errors.Forbidden(spec["ipFamilyPolicy"], "may not be set for ExternalName services");
        // A trailing dot says that the name is complete.
        var target = spec["externalName"].Text;
        if (target.EndsWith('.')) target = target[..^1];
        if (target.Length == 0) errors.Required(spec["externalName"]);
        else
            foreach (var wrong in Names.Dns1123Subdomain(target)) errors.Invalid(spec["externalName"], target, wrong);
    }

    private static void CheckAffinity(Field spec, FieldErrors errors)
    {
        var (affinity, config) = (spec["sessionAffinity"], spec["sessionAffinityConfig"]);
        Checks.OneOf(affinity, Affinities, errors);
        if (affinity.Text == "None" && config.Exists) errors.Forbidden(config, "must not be set when session affinity is None");
        if (affinity.Text == "ClientIP" && config["clientIP"]["timeoutSeconds"].Integer is <= 0 or > MostAffinitySeconds)
            errors.Invalid(config["clientIP"]["timeoutSeconds"], $"must be greater than 0 and less than {MostAffinitySeconds}");
    }

    private static void CheckLoadBalancer(Field spec, string type, FieldErrors errors)
    {
        const string OnlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";
        var ranges = spec["loadBalancerSourceRanges"];
        if (type == "LoadBalancer")
        {
            if (spec["loadBalancerClass"].Exists) Checks.QualifiedName(spec["loadBalancerClass"], errors);
        }
        else
        {
            if (spec["allocateLoadBalancerNodePorts"].Exists) errors.Forbidden(spec["allocateLoadBalancerNodePorts"], OnlyLoadBalancer);
            if (spec["loadBalancerClass"].Exists) errors.Forbidden(spec["loadBalancerClass"], OnlyLoadBalancer);
            if (ranges.Items.Any()) errors.Forbidden(ranges with { Path = "spec.LoadBalancerSourceRanges" }, OnlyLoadBalancer);
        }
        foreach (var range in ranges.Items)
            if (!Addresses.IsCidr(range.Text.Trim()))
                errors.Invalid(range with { Path = "spec.LoadBalancerSourceRanges" + range.Path[ranges.Path.Length..] }, range.Text.Trim(), Addresses.CidrSyntax);
    }

    private static void CheckTraffic(Field spec, string type, FieldErrors errors)
    {
        var external = spec["externalTrafficPolicy"];
        var isExternal = ServiceAllocations.NeedsNodePorts(type) || (type == "ClusterIP" && spec["externalIPs"].Items.Any());
        if (isExternal) Checks.OneOf(external, TrafficPolicies, errors);
        else if (external.Text.Length > 0) errors.Invalid(external, "may only be set for externally-accessible services");

        var internalPolicy = spec["internalTrafficPolicy"];
        if (ServiceAllocations.NeedsClusterIP(type) || internalPolicy.Exists) Checks.OneOf(internalPolicy, TrafficPolicies, errors);

        var health = spec["healthCheckNodePort"];
        if (health.Integer is not null and not 0 && !NeedsHealthCheck(spec))
            errors.Invalid(health, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        if (spec["trafficDistribution"].Exists && spec["trafficDistribution"].Text != "PreferClose")
            errors.NotSupported(spec["trafficDistribution"], "PreferClose");
    }

    private static bool NeedsHealthCheck(Field spec) => spec["type"].Text == "LoadBalancer" && spec["externalTrafficPolicy"].Text == "Local";
}
