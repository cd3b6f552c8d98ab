using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Networking.Kernel;

/// <summary>The words in which nftables speaks of one address family.</summary>
/// <param name="Table">The table's family, and the keyword of its packets' header.</param>
public sealed record NftFamily(string Table, string AddressType, AddressFamily Family)
{
    public static readonly NftFamily IPv4 = new("ip", "ipv4_addr", AddressFamily.InterNetwork);
    public static readonly NftFamily IPv6 = new("ip6", "ipv6_addr", AddressFamily.InterNetworkV6);
    public static readonly IReadOnlyList<NftFamily> Both = [IPv4, IPv6];

    public bool Has(IPAddress address) => address.AddressFamily == Family;

    public bool Has(IPNetwork network) => network.BaseAddress.AddressFamily == Family;

    /// <summary>An address and port as <c>dnat to</c> takes them.</summary>
    public string Target(IPAddress address, int port) => Family == AddressFamily.InterNetworkV6 ? $"[{address}]:{port}" : $"{address}:{port}";
}
