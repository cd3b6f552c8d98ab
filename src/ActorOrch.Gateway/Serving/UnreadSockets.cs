using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ActorOrch.Gateway.Serving;

/// <summary>
/// Lets the kernel cut connections whose client takes nothing. What has been handed to the kernel, and the last of what waits before it, no
/// writer waits for: an answer may lie there whole, megabytes of it, with its request long ended.
/// </summary>
internal static class UnreadSockets
{
    // Linux: <netinet/in.h> and <linux/tcp.h>.
    private const int Tcp = 6;
    private const int UserTimeout = 18;

    /// <param name="patience">How long what is sent may lie there without any of it being taken.</param>
    public static Socket Listen(EndPoint endpoint, TimeSpan patience)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (!OperatingSystem.IsLinux()) return socket;
        Span<byte> milliseconds = stackalloc byte[sizeof(int)];
        var value = (int)Math.Clamp(patience.TotalMilliseconds, 1, int.MaxValue);
        if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteInt32LittleEndian(milliseconds, value);
        else BinaryPrimitives.WriteInt32BigEndian(milliseconds, value);
        // Those that it accepts have it from there.
        socket.SetRawSocketOption(Tcp, UserTimeout, milliseconds);
        return socket;
    }
}
