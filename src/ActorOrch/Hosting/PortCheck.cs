using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Hosting;

/// <summary>Finds out that a port is taken before anything else is started.</summary>
internal static class PortCheck
{
    public static void Require(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartupException($"port {port} is in use: choose another with --api-port, or stop what listens there", e);
        }
        catch (SocketException e)
        {
            throw new StartupException($"the API cannot listen on {address}, port {port}: {e.Message}", e);
        }
    }
}
