using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Benchmarks.Harness;

/// <summary>Where servers of a benchmark may listen.</summary>
internal static class FreePorts
{
    /// <summary>A port of loopback that nothing listened on just now.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
