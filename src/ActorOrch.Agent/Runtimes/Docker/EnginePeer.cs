using System.Globalization;
using System.Net.Sockets;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>The process at the other end of the engine's socket.</summary>
internal static class EnginePeer
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsLength = 12;

    /// <summary>
    /// Whether what this process mounts is there for the engine, too. The names of machines are not enough: a process in a container, or a
    /// service with mounts of its own, has the machine's name and other mounts, and the engine would bind empty places in good faith.
    /// </summary>
    public static async Task<bool> SharesMountsAsync(Uri endpoint, CancellationToken cancel)
    {
        if (endpoint.Scheme != "unix") return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.LocalPath), cancel).ConfigureAwait(false);
        var credentials = new byte[CredentialsLength];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return SharesMounts(BitConverter.ToInt32(credentials));
    }

    /// <param name="pid">0, where it is in a namespace that cannot be seen from here.</param>
    internal static bool SharesMounts(int pid) => pid > 0 && Namespace(pid.ToString(CultureInfo.InvariantCulture)) is { } its && its == Namespace("self");

    private static string? Namespace(string process)
    {
        using var found = Files.Descriptor.FindPath($"/proc/{process}/ns/mnt");
        return found is null ? null : $"{found.Status.Device}:{found.Status.Inode}";
    }
}
