using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>
/// Which EndpointSlices a service should have, given those it has. Pure. One set of slices for each family and each set of resolved ports;
/// as few slices as possible are touched, and endpoints stay in the slice they are in.
/// </summary>
public static class EndpointSliceDecision
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";
    public const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    public const string ManagedBy = "endpointslice-controller.k8s.io";
    public const string HeadlessLabel = "service.kubernetes.io/headless";

    /// <summary>Upstream's default of --max-endpoints-per-slice.</summary>
    public const int MostEndpoints = 100;

    /// <param name="existing">The slices of the service that are managed by <see cref="ManagedBy"/>.</param>
    /// <param name="zoneOf">The zone of a node, by its name.</param>
    public static IReadOnlyList<SliceAction> Decide(
        V1Service service, IReadOnlyList<V1Pod> pods, IReadOnlyList<V1EndpointSlice> existing, Func<string, string?> zoneOf)
    {
        var actions = new List<SliceAction>();
        var labels = LabelsFor(service);
        var families = service.Spec.IpFamilies is { Count: > 0 } asked ? asked : ["IPv4"];
        foreach (var slice in existing)
            if (!families.Contains(slice.AddressType)) actions.Add(new SliceAction.Delete(slice.Metadata.Name, "the service no longer has this address family"));
        foreach (var family in families)
            DecideFamily(service, family, pods, [.. existing.Where(s => s.AddressType == family)], labels, zoneOf, actions);
        return actions;
    }

    /// <summary>The service's own labels and those that make the slice its.</summary>
    public static Dictionary<string, string> LabelsFor(V1Service service)
    {
        var labels = new Dictionary<string, string>();
        foreach (var (key, value) in service.Metadata.Labels ?? new Dictionary<string, string>())
            if (key is not (ServiceNameLabel or ManagedByLabel or HeadlessLabel)) labels[key] = value;
        if (service.Spec.ClusterIP == "None") labels[HeadlessLabel] = "";
        labels[ServiceNameLabel] = service.Metadata.Name;
        labels[ManagedByLabel] = ManagedBy;
        return labels;
    }

    private static void DecideFamily(
        V1Service service, string family, IReadOnlyList<V1Pod> pods, List<V1EndpointSlice> existing,
        Dictionary<string, string> labels, Func<string, string?> zoneOf, List<SliceAction> actions)
    {
        var wanted = new Dictionary<string, (List<Discoveryv1EndpointPort> Ports, Dictionary<(string, string?), V1Endpoint> Endpoints)>();
        foreach (var pod in pods)
        {
            if (!PodEndpoint.IsEndpoint(pod) || PodEndpoint.AddressOf(pod, family) is not { } address) continue;
            var ports = PortsOn(pod, service);
            var key = SliceContents.PortsKey(ports);
            if (!wanted.TryGetValue(key, out var group)) wanted[key] = group = (ports, []);
            var endpoint = PodEndpoint.Of(pod, address, service, zoneOf);
            group.Endpoints[SliceContents.Identity(endpoint)] = endpoint;
        }
        // A service without endpoints still has a slice of each family, so that its watchers know that there are none.
        if (wanted.Count == 0) wanted[""] = ([], []);

        var byPorts = existing.GroupBy(s => SliceContents.PortsKey(s.Ports)).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var (key, slices) in byPorts)
            if (!wanted.ContainsKey(key))
                foreach (var slice in slices) actions.Add(new SliceAction.Delete(slice.Metadata.Name, "no endpoint has these ports"));
        foreach (var (key, (ports, endpoints)) in wanted)
            SliceFilling.Decide(byPorts.GetValueOrDefault(key, []), endpoints, labels, fresh => New(service, family, ports, fresh, labels), actions);
    }

    private static List<Discoveryv1EndpointPort> PortsOn(V1Pod pod, V1Service service)
    {
        var ports = new List<Discoveryv1EndpointPort>();
        foreach (var port in service.Spec.Ports ?? [])
            if (PodEndpoint.TargetPort(pod, port) is { } number)
                ports.Add(new() { Name = port.Name ?? "", Port = number, Protocol = port.Protocol ?? "TCP", AppProtocol = port.AppProtocol });
        return ports;
    }

    private static V1EndpointSlice New(
        V1Service service, string family, List<Discoveryv1EndpointPort> ports, List<V1Endpoint> endpoints, Dictionary<string, string> labels) => new()
        {
            ApiVersion = "discovery.k8s.io/v1",
            Kind = "EndpointSlice",
            Metadata = new()
            {
                GenerateName = service.Metadata.Name + "-",
                NamespaceProperty = service.Metadata.NamespaceProperty,
                Labels = labels,
                OwnerReferences =
                [
                    new()
                    {
                        ApiVersion = "v1",
                        Kind = "Service",
                        Name = service.Metadata.Name,
                        Uid = service.Metadata.Uid,
                        Controller = true,
                        BlockOwnerDeletion = true,
                    },
                ],
            },
            AddressType = family,
            Endpoints = endpoints,
            Ports = ports,
        };
}
