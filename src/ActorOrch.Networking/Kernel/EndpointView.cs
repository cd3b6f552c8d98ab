using System.Net;
using System.Net.Sockets;
using ActorOrch.Resources.Addressing;
using k8s.Models;

namespace ActorOrch.Networking.Kernel;

/// <summary>An address behind a service port, with its conditions (discovery.k8s.io/v1 EndpointConditions).</summary>
/// <param name="Local">On this machine.</param>
public sealed record EndpointView(IPAddress Address, int Port, bool Ready, bool Serving, bool Terminating, bool Local)
{
    /// <summary>The endpoints of one port and family over all slices of the service, each once, in order of address and port.</summary>
    public static List<EndpointView> Of(IEnumerable<V1EndpointSlice> slices, ServicePortView port, NftFamily family, string nodeName)
    {
        var found = new SortedDictionary<(string, int), EndpointView>();
        var addressType = family == NftFamily.IPv4 ? "IPv4" : "IPv6";
        foreach (var slice in slices)
        {
            if (slice.AddressType != addressType || slice.Endpoints is null || PortNumber(slice, port) is not { } number) continue;
            foreach (var endpoint in slice.Endpoints)
            {
                if (endpoint.Addresses is not { Count: > 0 } addresses || !Reach(addresses[0], family, out var address)) continue;
                var conditions = endpoint.Conditions;
                // An absent condition means ready; an absent "serving" means as ready says.
                var ready = conditions?.Ready ?? true;
                var view = new EndpointView(address, number, ready, conditions?.Serving ?? ready, conditions?.Terminating ?? false, endpoint.NodeName == nodeName);
                var key = (addresses[0], number);
                if (!found.TryGetValue(key, out var other) || (view.Ready && !other.Ready)) found[key] = view;
            }
        }
        return [.. found.Values];
    }

    /// <summary>Those that get connections: the ready ones; where there are none, those that still serve while they terminate.</summary>
    public static (List<EndpointView> Usable, bool LastResort) Usable(IEnumerable<EndpointView> endpoints)
    {
        var ready = new List<EndpointView>();
        var terminating = new List<EndpointView>();
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Ready) ready.Add(endpoint);
            else if (endpoint.Serving && endpoint.Terminating) terminating.Add(endpoint);
        }
        return ready.Count > 0 ? (ready, false) : (terminating, true);
    }

    // What means something else on every machine is not a packet's way, whoever wrote it into the slice.
    private static bool Reach(string text, NftFamily family, out IPAddress address)
    {
        var fits = NetworkAddress.TryParse(text, out var parsed) && parsed is { IsUnicast: true, IsMapped: false }
            && (parsed.Family == AddressFamily.InterNetworkV6) == (family == NftFamily.IPv6);
        address = fits ? parsed.Value : IPAddress.None;
        return fits;
    }

    private static int? PortNumber(V1EndpointSlice slice, ServicePortView port)
    {
        foreach (var candidate in slice.Ports ?? [])
            if ((candidate.Name ?? "") == port.Name && string.Equals(candidate.Protocol ?? "TCP", port.Protocol, StringComparison.OrdinalIgnoreCase))
                return candidate.Port;
        return null;
    }
}
