using ActorOrch.Networking.Addresses;
using ActorOrch.Resources.Addressing;
using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>
/// EndpointSlices for a service without selector, from the Endpoints object that its owner keeps. Pure; as upstream's mirroring controller.
/// </summary>
public static class EndpointsMirroring
{
    public const string ManagedBy = "endpointslicemirroring-controller.k8s.io";
    public const string SkipLabel = "endpointslice.kubernetes.io/skip-mirror";
    private const string LeaderAnnotation = "control-plane.alpha.kubernetes.io/leader";

    /// <summary>Whether the object is to be mirrored: not where it says no, nor where it only serves a leader election.</summary>
    public static bool IsMirrored(V1Endpoints endpoints) =>
        !(endpoints.Metadata.Labels?.TryGetValue(SkipLabel, out var skip) == true && skip == "true")
        && endpoints.Metadata.Annotations?.ContainsKey(LeaderAnnotation) != true;

    /// <param name="endpoints">Null where there is none: its slices are deleted.</param>
    public static IReadOnlyList<SliceAction> Decide(V1Endpoints? endpoints, IReadOnlyList<V1EndpointSlice> existing)
    {
        var actions = new List<SliceAction>();
        var wanted = new Dictionary<(string Family, string Ports), (List<Discoveryv1EndpointPort> Ports, Dictionary<(string, string?), V1Endpoint> Endpoints)>();
        var labels = new Dictionary<string, string>();
        if (endpoints is not null && IsMirrored(endpoints))
        {
            foreach (var (key, value) in endpoints.Metadata.Labels ?? new Dictionary<string, string>()) labels[key] = value;
            labels[EndpointSliceDecision.ServiceNameLabel] = endpoints.Metadata.Name;
            labels[EndpointSliceDecision.ManagedByLabel] = ManagedBy;
            foreach (var subset in endpoints.Subsets ?? []) Collect(subset, wanted);
        }
        var present = existing.GroupBy(s => (s.AddressType, SliceContents.PortsKey(s.Ports))).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var (key, slices) in present)
            if (!wanted.ContainsKey(key))
                foreach (var slice in slices) actions.Add(new SliceAction.Delete(slice.Metadata.Name, "the Endpoints object no longer has these ports"));
        foreach (var (key, (ports, members)) in wanted)
            SliceFilling.Decide(present.GetValueOrDefault(key, []), members, labels, fresh => New(endpoints!, key.Family, ports, fresh, labels), actions);
        return actions;
    }

    private static void Collect(
        V1EndpointSubset subset,
        Dictionary<(string Family, string Ports), (List<Discoveryv1EndpointPort> Ports, Dictionary<(string, string?), V1Endpoint> Endpoints)> wanted)
    {
        var ports = (subset.Ports ?? []).Select(p => new Discoveryv1EndpointPort
        {
            Name = p.Name ?? "",
            Port = p.Port,
            Protocol = p.Protocol ?? "TCP",
            AppProtocol = p.AppProtocol,
        }).ToList();
        var portsKey = SliceContents.PortsKey(ports);
        // Ready ones last: an address under both headings is ready.
        Add(subset.NotReadyAddresses, ready: false);
        Add(subset.Addresses, ready: true);

        void Add(IList<V1EndpointAddress>? addresses, bool ready)
        {
            foreach (var address in addresses ?? [])
            {
                if (!NetworkAddress.TryParse(address.Ip, out var ip) || ip is not { IsUnicast: true, IsMapped: false }) continue;
                var key = (AddressRange.FamilyOf(ip.Value), portsKey);
                if (!wanted.TryGetValue(key, out var group)) wanted[key] = group = (ports, []);
                var endpoint = new V1Endpoint
                {
                    Addresses = [address.Ip],
                    Conditions = new() { Ready = ready },
                    Hostname = string.IsNullOrEmpty(address.Hostname) ? null : address.Hostname,
                    NodeName = address.NodeName,
                    TargetRef = address.TargetRef,
                };
                group.Endpoints[SliceContents.Identity(endpoint)] = endpoint;
            }
        }
    }

    private static V1EndpointSlice New(
        V1Endpoints endpoints, string family, List<Discoveryv1EndpointPort> ports, List<V1Endpoint> fresh, Dictionary<string, string> labels) => new()
        {
            ApiVersion = "discovery.k8s.io/v1",
            Kind = "EndpointSlice",
            Metadata = new()
            {
                GenerateName = endpoints.Metadata.Name + "-",
                NamespaceProperty = endpoints.Metadata.NamespaceProperty,
                Labels = labels,
                OwnerReferences =
                [
                    new()
                    {
                        ApiVersion = "v1",
                        Kind = "Endpoints",
                        Name = endpoints.Metadata.Name,
                        Uid = endpoints.Metadata.Uid,
                        Controller = true,
                        BlockOwnerDeletion = true,
                    },
                ],
            },
            AddressType = family,
            Endpoints = fresh,
            Ports = ports,
        };
}
