using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorOrch.Networking.Kernel.Watching;

/// <summary>Sockets to the kernel (netlink(7)), in the network namespace of the thread that opens them.</summary>
internal static partial class NetlinkSockets
{
    public const int Route = 0;
    public const int Netfilter = 12;

    private const int NetlinkFamily = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int SocketLevel = 1;
    private const int ReceiveBufferForced = 33;
    private const int NetlinkLevel = 270;
    private const int AddMembership = 1;

    /// <summary>Throws <see cref="SocketException"/> where the kernel has no such protocol or group, or does not let this process in.</summary>
    /// <param name="groups">Whose messages it gets.</param>
    /// <param name="receiveBytes">How much may wait in the kernel until it is read; what is more is lost, and reading says so once.</param>
    public static Socket Open(int protocol, IReadOnlyList<int> groups, int receiveBytes = 0)
    {
        var handle = OpenSocket(NetlinkFamily, RawCloseOnExec, protocol);
        if (handle < 0) throw new SocketException(Marshal.GetLastPInvokeError(), $"no netlink socket: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        var socket = new Socket(new SafeSocketHandle(handle, ownsHandle: true));
        try
        {
            // The kernel finds it a port, and from then on tells it what its own requests have not caused, too.
            byte[] address = [NetlinkFamily, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            if (Bind(handle, address, address.Length) != 0) throw new SocketException(Marshal.GetLastPInvokeError());
            if (receiveBytes > 0) socket.SetRawSocketOption(SocketLevel, ReceiveBufferForced, BitConverter.GetBytes(receiveBytes));
            foreach (var group in groups) socket.SetRawSocketOption(NetlinkLevel, AddMembership, BitConverter.GetBytes(group));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte[] address, int length);
}
