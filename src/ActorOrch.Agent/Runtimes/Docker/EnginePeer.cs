using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ActorOrch.Agent.Files;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>The process at the other end of the engine's socket.</summary>
internal static class EnginePeer
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsLength = 12;

    /// <summary>
    /// Whether what this process mounts below a directory is there for the engine, too. The names of machines are not enough: a process in a
    /// container, or a service with mounts of its own, has the machine's name and other mounts, and the engine would bind empty places in good faith.
    /// </summary>
    public static async Task<bool> SharesMountsAsync(Uri endpoint, string? directory, CancellationToken cancel)
    {
        if (endpoint.Scheme != "unix") return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.LocalPath), cancel).ConfigureAwait(false);
        var credentials = new byte[CredentialsLength];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return SharesMounts(BitConverter.ToInt32(credentials), directory);
    }

    /// <param name="pid">0, where it is in a namespace that cannot be seen from here.</param>
    /// <param name="directory">Null: all of them have to be shared.</param>
    internal static bool SharesMounts(int pid, string? directory)
    {
        if (pid <= 0) return false;
        var process = pid.ToString(CultureInfo.InvariantCulture);
        if (Namespace(process) is not { } its) return false;
        return its == Namespace("self") || (directory is not null && ArePeers(process, directory));
    }

    /// <summary>In two namespaces a mount may be one of a group whose members pass on what is mounted below them (mount_namespaces(7), "Shared subtrees").</summary>
    private static bool ArePeers(string process, string directory)
    {
        using var found = Descriptor.FindPath(directory);
        if (found is null) return false;
        var path = Encoding.Latin1.GetString(found.RealPath());
        var ours = MountTable.Covering(MountTable.Read(), path);
        var its = MountTable.Covering(MountTable.Read(process), path);
        return ours?.PeerGroup is { } group && its?.PeerGroup == group && its.Point == ours.Point && its.Root == ours.Root;
    }

    private static string? Namespace(string process)
    {
        using var found = Descriptor.FindPath($"/proc/{process}/ns/mnt");
        return found is null ? null : $"{found.Status.Device}:{found.Status.Inode}";
    }
}
