using System.Net;
using ActorOrch.Networking.Services;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Networking.Kernel;

/// <summary>One port of a service, as the rules need it.</summary>
/// <param name="Protocol">In lower case: <c>tcp</c>, <c>udp</c>, <c>sctp</c>.</param>
public sealed record ServicePortView(string Name, string Protocol, int Port, int NodePort);

/// <summary>What of a Service (core/v1) matters to the kernel.</summary>
/// <param name="Externals">externalIPs and the addresses of load balancers that hand packets on unchanged.</param>
/// <param name="AffinitySeconds">Of <c>sessionAffinity: ClientIP</c>.</param>
public sealed record ServiceView(
    ObjectKey Key,
    IReadOnlyList<IPAddress> ClusterIPs,
    IReadOnlyList<IPAddress> Externals,
    IReadOnlyList<ServicePortView> Ports,
    int? AffinitySeconds,
    bool ExternalLocal,
    bool InternalLocal)
{
    private const int DefaultAffinitySeconds = 10800;
    private const string OtherProxyLabel = "service.kubernetes.io/service-proxy-name";

    /// <summary>Null for services that have no rules: headless (by their address or by label), ExternalName, or meant for another proxy.</summary>
    public static ServiceView? From(ObjectKey key, V1Service service)
    {
        var spec = service.Spec;
        if (spec is null || spec.Type == "ExternalName" || spec.ClusterIP is null or "" or "None") return null;
        if (service.Metadata?.Labels is { } labels && (labels.ContainsKey(OtherProxyLabel) || labels.ContainsKey(EndpointSliceDecision.HeadlessLabel))) return null;

        var clusterIPs = new List<IPAddress>();
        foreach (var text in spec.ClusterIPs is { Count: > 0 } all ? all : [spec.ClusterIP])
            if (Usable(text) is { } address) clusterIPs.Add(address);

        var externals = new List<IPAddress>();
        foreach (var text in spec.ExternalIPs ?? [])
            if (Usable(text) is { } address) externals.Add(address);
        foreach (var ingress in service.Status?.LoadBalancer?.Ingress ?? [])
            if (ingress.IpMode != "Proxy" && Usable(ingress.Ip) is { } address) externals.Add(address);

        var ports = new List<ServicePortView>();
        foreach (var port in spec.Ports ?? [])
            ports.Add(new(port.Name ?? "", (port.Protocol ?? "TCP").ToLowerInvariant(), port.Port, port.NodePort ?? 0));

        int? affinity = spec.SessionAffinity == "ClientIP" ? spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds ?? DefaultAffinitySeconds : null;
        return new(key, clusterIPs, externals, ports, affinity, spec.ExternalTrafficPolicy == "Local", spec.InternalTrafficPolicy == "Local");
    }

    // A rule for a loopback or link-local address would catch the machine's own packets.
    private static IPAddress? Usable(string? text) =>
        NetworkAddress.TryParse(text, out var address) && address is { IsUnicast: true, IsMapped: false } ? address.Value : null;
}
