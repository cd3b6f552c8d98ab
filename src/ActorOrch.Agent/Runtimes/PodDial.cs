using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Agent.Runtimes;

/// <summary>Connections to the ports of a pod, in the order and the words of upstream's runtimes.</summary>
internal static class PodDial
{
    /// <summary>What a client inside would try for localhost.</summary>
    public static readonly IReadOnlyList<IPAddress> Loopback = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>The first of the addresses that answers. Throws <see cref="ContainerStartException"/> where none does.</summary>
    /// <param name="open">Makes an unconnected TCP socket of the address's family.</param>
    public static async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, Func<AddressFamily, Task<Socket>> open, CancellationToken cancel)
    {
        var failures = new List<string>();
        foreach (var address in addresses)
        {
            Socket? socket = null;
            try
            {
                socket = await open(address.AddressFamily).ConfigureAwait(false);
                socket.NoDelay = true;
                await socket.ConnectAsync(new IPEndPoint(address, port), cancel).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException failure)
            {
                socket?.Dispose();
                failures.Add(NetworkErrors.Dial(address.ToString(), port, failure));
            }
            catch (OperationCanceledException)
            {
                socket?.Dispose();
                throw;
            }
        }
        throw new ContainerStartException(Failed(port, failures));
    }

    /// <summary>As when nothing listens.</summary>
    public static string Refused(int port) =>
        Failed(port, Loopback.Select(a => NetworkErrors.Dial(a.ToString(), port, new((int)SocketError.ConnectionRefused))));

    private static string Failed(int port, IEnumerable<string> failures) =>
        $"failed to connect to localhost:{port} inside the pod's network: {string.Join(", ", failures)}";
}
