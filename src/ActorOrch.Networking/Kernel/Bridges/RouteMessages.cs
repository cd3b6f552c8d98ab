using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ActorOrch.Networking.Kernel.Bridges;

/// <summary>Requests to the kernel about devices and addresses (linux/rtnetlink.h, RFC 3549).</summary>
internal static class RouteMessages
{
    public const ushort NewLink = 16, DeletedLink = 17, GetLink = 18, NewAddress = 20, GetAddress = 22;

    public const ushort Request = 0x1, Acknowledged = 0x4, Everything = 0x300, Exclusive = 0x200, Create = 0x400;

    private const int HeaderBytes = 16;
    private const byte IPv4 = 2, IPv6 = 10, NoDuplicateDetection = 0x02;
    private const int UpFlag = 1;
    private const ushort HardwareAddress = 1, Name = 3, Master = 10, Info = 18, InfoKind = 1, Address = 1, Local = 2;

    /// <summary>All devices.</summary>
    public static byte[] Links() => Message(GetLink, Request | Everything, Link(0, 0, 0));

    /// <summary>All addresses of all devices.</summary>
    public static byte[] Addresses() => Message(GetAddress, Request | Everything, new byte[8]);

    /// <summary>A bridge, up.</summary>
    public static byte[] NewBridge(string name, ReadOnlySpan<byte> hardwareAddress) => Message(NewLink, Request | Acknowledged | Create | Exclusive,
    [
        .. Link(0, UpFlag, UpFlag),
        .. Attribute(Name, [.. Encoding.ASCII.GetBytes(name), 0]),
        .. hardwareAddress.IsEmpty ? [] : Attribute(HardwareAddress, hardwareAddress),
        .. Attribute(Info, Attribute(InfoKind, "bridge"u8)),
    ]);

    public static byte[] Up(int device) => Message(NewLink, Request | Acknowledged, Link(device, UpFlag, UpFlag));

    /// <summary>Makes a device a port of a bridge.</summary>
    public static byte[] Enslave(int device, int bridge)
    {
        var master = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(master, bridge);
        return Message(NewLink, Request | Acknowledged, [.. Link(device, 0, 0), .. Attribute(Master, master)]);
    }

    /// <summary>An address that the device does not have.</summary>
    public static byte[] Add(int device, BridgeAddress address)
    {
        var bytes = address.Address.GetAddressBytes();
        var v4 = address.Address.AddressFamily == AddressFamily.InterNetwork;
        byte[] body = [v4 ? IPv4 : IPv6, address.PrefixLength, v4 ? (byte)0 : NoDuplicateDetection, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), device);
        return Message(NewAddress, Request | Acknowledged | Create | Exclusive, [.. body, .. v4 ? Attribute(Local, bytes) : [], .. Attribute(Address, bytes)]);
    }

    private static byte[] Link(int device, int flags, int changed)
    {
        var body = new byte[LinkState.HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), device);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), flags);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(12), changed);
        return body;
    }

    private static byte[] Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var bytes = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), type);
        value.CopyTo(bytes.AsSpan(4));
        return bytes;
    }

    private static byte[] Message(ushort type, int flags, ReadOnlySpan<byte> body)
    {
        var message = new byte[HeaderBytes + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)flags);
        body.CopyTo(message.AsSpan(HeaderBytes));
        return message;
    }
}
