using System.Buffers.Binary;
using System.Net;
using ActorOrch.Networking.Kernel.Watching;

namespace ActorOrch.Networking.Kernel.Bridges;

/// <summary>An address of a device, with the length of its network's prefix.</summary>
internal sealed record BridgeAddress(int Device, IPAddress Address, byte PrefixLength)
{
    private const int HeaderBytes = 8;
    private const byte IPv4 = 2, IPv6 = 10, LinkScope = 253;
    private const ushort AddressAttribute = 1, LocalAttribute = 2;

    /// <summary>Null for what is none, or one that the kernel makes by itself.</summary>
    public static BridgeAddress? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderBytes || payload[0] is not (IPv4 or IPv6) || payload[3] == LinkScope) return null;
        var local = NetlinkMessages.Attribute(payload, HeaderBytes, LocalAttribute);
        if (local.IsEmpty) local = NetlinkMessages.Attribute(payload, HeaderBytes, AddressAttribute);
        if (local.Length != (payload[0] == IPv4 ? 4 : 16)) return null;
        return new(BinaryPrimitives.ReadInt32LittleEndian(payload[4..]), new IPAddress(local), payload[1]);
    }

    public override string ToString() => $"{Address}/{PrefixLength}";
}
