using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ActorOrch.Registry.Clustering;

namespace ActorOrch.Hosting;

/// <summary>Finds the addresses by which others reach this machine: those of the interface that has the default route.</summary>
internal static class MachineAddresses
{
    /// <summary>IPv4 first; loopback on a machine that has nothing else.</summary>
    public static IReadOnlyList<string> Find()
    {
        var interfaces = MachineInterfaces.All()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Select(i => i.GetIPProperties())
            .ToList();
        var outward = interfaces.FirstOrDefault(i => i.GatewayAddresses.Any(g => !g.Address.Equals(IPAddress.Any))) ?? interfaces.FirstOrDefault();
        if (outward is null) return [IPAddress.Loopback.ToString()];
        return [.. ((AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
            .Select(family => outward.UnicastAddresses.Select(u => u.Address).FirstOrDefault(a => a.AddressFamily == family && !a.IsIPv6LinkLocal))
            .OfType<IPAddress>()
            .Select(a => a.ToString())
            .DefaultIfEmpty(IPAddress.Loopback.ToString())];
    }
}
