using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ActorOrch.Networking.Kernel.Watching;

namespace ActorOrch.Networking.Kernel.Bridges;

/// <summary>Asks the kernel about devices and addresses of the network namespace of the thread that opens it. One request at a time.</summary>
internal sealed class RouteSocket : IDisposable
{
    /// <summary>Each message that answers, without its header.</summary>
    public delegate void Reading(ushort type, ReadOnlySpan<byte> payload);

    private const ushort Error = 2, Done = 3;

    // The kernel writes an answer for a receiver of this size into one datagram, at most.
    private readonly byte[] _buffer = new byte[32 * 1024];
    private readonly Socket _socket = NetlinkSockets.Open(NetlinkSockets.Route, []);

    /// <summary>Throws <see cref="Win32Exception"/> where the kernel refuses.</summary>
    public void List(byte[] request, Reading each)
    {
        _socket.Send(request);
        while (true)
        {
            var messages = new NetlinkMessages(_buffer.AsSpan(0, _socket.Receive(_buffer)));
            while (messages.Next())
            {
                if (messages.Type == Done) return;
                if (messages.Type == Error) throw new Win32Exception(ErrorOf(messages.Payload));
                each(messages.Type, messages.Payload);
            }
        }
    }

    /// <summary>0, or the kernel's error number.</summary>
    public int Do(byte[] request)
    {
        _socket.Send(request);
        while (true)
        {
            var messages = new NetlinkMessages(_buffer.AsSpan(0, _socket.Receive(_buffer)));
            while (messages.Next())
                if (messages.Type == Error) return ErrorOf(messages.Payload);
        }
    }

    public void Dispose() => _socket.Dispose();

    public static string Words(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static int ErrorOf(ReadOnlySpan<byte> payload) => payload.Length < sizeof(int) ? 0 : -BinaryPrimitives.ReadInt32LittleEndian(payload);
}
