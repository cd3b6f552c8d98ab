using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Testing;

/// <summary>Where a server that a test or a benchmark starts may listen.</summary>
public static class FreePorts
{
    /// <summary>A port of loopback that nothing listened on just now.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
