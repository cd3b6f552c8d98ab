using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorOrch.Networking.Tests.Machines;

/// <summary>A server that says its name and the caller's address, and hangs up.</summary>
internal sealed class TcpEcho : IDisposable
{
    private readonly TcpListener _listener;
    private readonly string _name;
    private readonly Task _loop;

    public TcpEcho(TcpListener listener, string name)
    {
        _listener = listener;
        _name = name;
        listener.Start(512);
        _loop = Task.Run(ServeAsync);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            using (socket)
            {
                var caller = ((IPEndPoint)socket.RemoteEndPoint!).Address;
                await socket.SendAsync(Encoding.ASCII.GetBytes($"{_name} {(caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller)}"));
                socket.Shutdown(SocketShutdown.Both);
            }
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        _loop.GetAwaiter().GetResult();
    }
}
