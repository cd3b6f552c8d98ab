using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Gateway.Tests.Streaming.Spdy;

/// <summary>Two ends of a connection, with the bounds of a real one.</summary>
internal sealed class DuplexPair : IDisposable
{
    private DuplexPair(Socket one, Socket other)
    {
        One = new NetworkStream(one, ownsSocket: true);
        Other = new NetworkStream(other, ownsSocket: true);
    }

    public NetworkStream One { get; }
    public NetworkStream Other { get; }

    public static async Task<DuplexPair> OpenAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await one.ConnectAsync(listener.LocalEndpoint);
        return new(one, await listener.AcceptSocketAsync());
    }

    public void Dispose()
    {
        One.Dispose();
        Other.Dispose();
    }
}
