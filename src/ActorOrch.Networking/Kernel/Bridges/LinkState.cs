using System.Buffers.Binary;
using ActorOrch.Networking.Kernel.Watching;

namespace ActorOrch.Networking.Kernel.Bridges;

/// <summary>What the kernel says of a network device.</summary>
internal readonly ref struct LinkState
{
    public const int HeaderBytes = 16;

    private const ushort NameAttribute = 3, HardwareAttribute = 1, MasterAttribute = 10;
    private const int UpFlag = 1;

    public int Index { get; private init; }

    public bool IsUp { get; private init; }

    /// <summary>The bridge that it is a port of; 0 for none.</summary>
    public int Master { get; private init; }

    public ReadOnlySpan<byte> Name { get; private init; }

    public ReadOnlySpan<byte> HardwareAddress { get; private init; }

    /// <summary>False where it is no word of a device: what a bridge tells of its ports has another family.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out LinkState link)
    {
        link = default;
        if (payload.Length < HeaderBytes || payload[0] != 0) return false;
        var master = NetlinkMessages.Attribute(payload, HeaderBytes, MasterAttribute);
        link = new()
        {
            Index = BinaryPrimitives.ReadInt32LittleEndian(payload[4..]),
            IsUp = (BinaryPrimitives.ReadInt32LittleEndian(payload[8..]) & UpFlag) != 0,
            Master = master.Length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(master) : 0,
            Name = NetlinkMessages.Text(NetlinkMessages.Attribute(payload, HeaderBytes, NameAttribute)),
            HardwareAddress = NetlinkMessages.Attribute(payload, HeaderBytes, HardwareAttribute),
        };
        return true;
    }
}
