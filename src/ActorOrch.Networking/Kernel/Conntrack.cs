using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorOrch.Networking.Kernel;

/// <summary>
/// Removes flows from the kernel's connection table. Only UDP needs it: a UDP flow has no end, so a client that keeps sending would stay
/// with an endpoint that was removed. Speaks ctnetlink (linux/netfilter/nfnetlink_conntrack.h), so that no tool need be installed.
/// </summary>
public static partial class Conntrack
{
    private const int NetlinkFamily = 16, NetlinkRaw = 3, NetlinkNetfilter = 12;
    private const ushort DeleteFlows = (1 << 8) | 2; // NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE
    private const ushort RequestWithAck = 0x1 | 0x4;
    private const ushort Nested = 0x8000;
    private const ushort TupleOriginal = 1, TupleReply = 2, Filter = 25;
    private const ushort FilterOriginalFlags = 1, FilterReplyFlags = 2;
    private const ushort TupleAddresses = 1, TupleProtocol = 2;
    private const ushort ProtocolNumber = 1, SourcePort = 2, DestinationPort = 3;
    private const uint MatchSource = 1, MatchDestination = 2, MatchProtocol = 8, MatchSourcePort = 16, MatchDestinationPort = 32;
    private const byte Udp = 17;

    /// <summary>Flows that were translated to an endpoint: their replies come from it. Returns 0, or the kernel's error number.</summary>
    public static int ForgetTarget(IPAddress address, int port) =>
        Send(Message(address, port, TupleReply, FilterReplyFlags, MatchSource | MatchProtocol | MatchSourcePort, source: true));

    /// <summary>Flows that were sent to a service's address, translated or not. Returns 0, or the kernel's error number.</summary>
    public static int ForgetFront(IPAddress address, int port) =>
        Send(Message(address, port, TupleOriginal, FilterOriginalFlags, MatchDestination | MatchProtocol | MatchDestinationPort, source: false));

    internal static byte[] Message(IPAddress address, int port, ushort tuple, ushort flagsAttribute, uint flags, bool source)
    {
        var v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var addressAttribute = (ushort)((v6, source) switch { (false, true) => 1, (false, false) => 2, (true, true) => 3, (true, false) => 4 });
        var portBytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(portBytes, (ushort)port);
        var flagBytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(flagBytes, flags);

        byte[] body =
        [
            .. Attribute((ushort)(tuple | Nested),
                [
                    .. Attribute(TupleAddresses | Nested, Attribute(addressAttribute, address.GetAddressBytes())),
                    .. Attribute(TupleProtocol | Nested, [.. Attribute(ProtocolNumber, [Udp]), .. Attribute(source ? SourcePort : DestinationPort, portBytes)]),
                ]),
            .. Attribute(Filter | Nested, Attribute(flagsAttribute, flagBytes)),
        ];
        var message = new byte[20 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), DeleteFlows);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), RequestWithAck);
        message[16] = (byte)(v6 ? 10 : 2);
        message[17] = 1; // nfgenmsg version: without it the kernel takes the filter for all families and refuses it
        body.CopyTo(message, 20);
        return message;
    }

    private static byte[] Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var bytes = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), type);
        value.CopyTo(bytes.AsSpan(4));
        return bytes;
    }

    // .NET's sockets do not speak AF_NETLINK.
    private static int Send(byte[] message)
    {
        var socket = OpenSocket(NetlinkFamily, NetlinkRaw, NetlinkNetfilter);
        if (socket < 0) return Marshal.GetLastPInvokeError();
        try
        {
            var reply = new byte[1024];
            if (SendBytes(socket, message, message.Length, 0) < 0 || ReceiveBytes(socket, reply, reply.Length, 0) < 20) return Marshal.GetLastPInvokeError();
            var error = -BinaryPrimitives.ReadInt32LittleEndian(reply.AsSpan(16));
            return error == NoSuchFlow ? 0 : error;
        }
        finally
        {
            CloseSocket(socket);
        }
    }

    private const int NoSuchFlow = 2;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint SendBytes(int socket, byte[] bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint ReceiveBytes(int socket, byte[] bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseSocket(int socket);
}
