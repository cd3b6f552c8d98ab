using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace ActorOrch.Networking.Addresses;

/// <summary>
/// The cluster IPs of one family. The first address is the <c>kubernetes</c> service's; a part at the start is left to those who choose
/// addresses themselves until the rest is used up (KEP-3070).
/// </summary>
public sealed class AddressRange
{
    private const int LargestOffset = 256, SmallestOffset = 16;

    // Ranges larger than this are dealt from their first part only, as upstream does.
    private const int MostHostBits = 16;

    private readonly BigInteger _base;
    private readonly int _offset;
    private readonly int _size;

    public AddressRange(IPNetwork network)
    {
        Network = network;
        _base = new(network.BaseAddress.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
        var v4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        var hostBits = Math.Min((v4 ? 32 : 128) - network.PrefixLength, MostHostBits);
        // Neither the network's own address nor, in IPv4, its broadcast address.
        _size = (1 << hostBits) - (v4 ? 1 : 0);
        _offset = Math.Min(Math.Max(SmallestOffset, (1 << hostBits) / 16), LargestOffset);
        if (_offset >= _size) _offset = 0;
    }

    public IPNetwork Network { get; }

    /// <summary><c>IPv4</c> or <c>IPv6</c>.</summary>
    public string Family => FamilyOf(Network.BaseAddress);

    /// <summary>The <c>kubernetes</c> service's address.</summary>
    public IPAddress First => At(1);

    public static string FamilyOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";

    /// <summary>Whether a service may have the address.</summary>
    public bool Contains(IPAddress address) =>
        Network.Contains(address) && !address.Equals(Network.BaseAddress) && (Network.PrefixLength >= 31 || !IsBroadcast(address));

    /// <summary>A free address at random, or null when there is none.</summary>
    public IPAddress? Pick(Random random, Func<IPAddress, bool> taken) =>
        Scan(random, Math.Max(_offset, 2), _size, taken) ?? Scan(random, 2, Math.Min(_offset, _size), taken);

    private IPAddress? Scan(Random random, int from, int to, Func<IPAddress, bool> taken)
    {
        if (to <= from) return null;
        var start = random.Next(from, to);
        for (var i = 0; i < to - from; i++)
        {
            var address = At(from + ((start - from + i) % (to - from)));
            if (!taken(address)) return address;
        }
        return null;
    }

    private IPAddress At(int index)
    {
        var bytes = new byte[Network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? 16 : 4];
        var value = (_base + index).ToByteArray(isUnsigned: true, isBigEndian: true);
        value.CopyTo(bytes, bytes.Length - value.Length);
        return new(bytes);
    }

    private bool IsBroadcast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
        && new BigInteger(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true) == _base + (BigInteger.One << (32 - Network.PrefixLength)) - 1;
}
