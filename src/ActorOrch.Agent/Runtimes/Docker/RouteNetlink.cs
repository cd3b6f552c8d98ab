using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>
/// Gives network devices IPv6 addresses through rtnetlink (RFC 3549), here or in another network namespace. The engine can do it too, but
/// takes about as long for it as for starting the whole container.
/// </summary>
internal static partial class RouteNetlink
{
    private const int AfNetlink = 16;
    private const int SockRawCloExec = 3 | 0x80000;
    private const ushort NewAddress = 20;
    private const ushort NewRoute = 24;
    private const ushort Error = 2;
    private const ushort RequestAckCreateReplace = 0x1 | 0x4 | 0x400 | 0x100;
    private const byte AfInet6 = 10;
    private const byte NoDuplicateDetection = 0x02;
    private const ushort IfaAddress = 1;
    private const ushort RtaOutDevice = 4;
    private const ushort RtaGateway = 5;
    private const byte MainTable = 254;
    private const byte ProtocolBoot = 3;
    private const byte Unicast = 1;
    private const int HeaderBytes = 16;
    private const int AttributeBytes = 4;

    /// <summary>In the namespace of a process: the address on the device, and a default route where a gateway is given.</summary>
    public static Task AddInNamespaceAsync(int pid, string device, IPAddress address, int prefixLength, IPAddress? gateway) =>
        NetworkNamespace.RunAsync(pid, () =>
        {
            Add(device, address, prefixLength, gateway);
            return true;
        });

    /// <summary>In this thread's namespace.</summary>
    public static void Add(string device, IPAddress address, int prefixLength, IPAddress? gateway)
    {
        var index = if_nametoindex(device);
        if (index == 0) throw Failure($"find network device {device}");
        var netlink = socket(AfNetlink, SockRawCloExec, 0);
        if (netlink < 0) throw Failure("open a netlink socket");
        try
        {
            Request(netlink, NewAddress, AddressMessage(index, address, (byte)prefixLength), $"add {address} to {device}");
            if (gateway is not null) Request(netlink, NewRoute, RouteMessage(index, gateway), $"route through {gateway}");
        }
        finally
        {
            close(netlink);
        }
    }

    private static byte[] AddressMessage(uint index, IPAddress address, byte prefixLength)
    {
        var message = new byte[8 + Size(16)];
        message[0] = AfInet6;
        message[1] = prefixLength;
        message[2] = NoDuplicateDetection;
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), index);
        Attribute(message.AsSpan(8), IfaAddress, address.GetAddressBytes());
        return message;
    }

    private static byte[] RouteMessage(uint index, IPAddress gateway)
    {
        var message = new byte[12 + Size(16) + Size(4)];
        message[0] = AfInet6;
        message[4] = MainTable;
        message[5] = ProtocolBoot;
        message[7] = Unicast;
        Attribute(message.AsSpan(12), RtaGateway, gateway.GetAddressBytes());
        var device = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(device, index);
        Attribute(message.AsSpan(12 + Size(16)), RtaOutDevice, device);
        return message;
    }

    private static int Size(int value) => AttributeBytes + value;

    private static void Attribute(Span<byte> at, ushort type, byte[] value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)Size(value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], type);
        value.CopyTo(at[AttributeBytes..]);
    }

    private static void Request(int netlink, ushort type, byte[] body, string what)
    {
        var message = new byte[HeaderBytes + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), RequestAckCreateReplace);
        body.CopyTo(message, HeaderBytes);
        if (send(netlink, message, (nuint)message.Length, 0) < 0) throw Failure(what);
        var answer = new byte[1024];
        if (recv(netlink, answer, (nuint)answer.Length, 0) < HeaderBytes + 4) throw Failure(what);
        var error = BinaryPrimitives.ReadUInt16LittleEndian(answer.AsSpan(4)) == Error ? -BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(HeaderBytes)) : 0;
        if (error != 0) throw new Win32Exception(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static Win32Exception Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint if_nametoindex(string name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, byte[] buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, byte[] buffer, nuint length, int flags);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
