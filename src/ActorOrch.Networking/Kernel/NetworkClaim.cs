using ActorOrch.Registry.Files;

namespace ActorOrch.Networking.Kernel;

/// <summary>Another process of this machine has the bridge or the tables that one wants; the message says which, whose, and how to get on.</summary>
public sealed class NetworkClaimedException(string message) : Exception(message);

/// <summary>
/// A machine's bridge and its nftables tables belong to one process: two would replace each other's rules. Whoever programs them holds a file
/// for each name, which the kernel lets go of when the process ends.
/// </summary>
public sealed class NetworkClaim : IDisposable
{
    /// <summary>Of the machine, and gone when it is started again.</summary>
    public const string DefaultDirectory = "/run/actororch";

    private readonly List<HeldFile> _held = [];

    private NetworkClaim()
    {
    }

    /// <summary>
    /// Throws <see cref="NetworkClaimedException"/> where a living process has one of the two, <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> where the directory cannot be used.
    /// </summary>
    /// <param name="dataDirectory">Whose they become: what one that comes later is told.</param>
    public static NetworkClaim Take(string table, string bridge, string dataDirectory, string directory = DefaultDirectory)
    {
        SmallFile.MakeDirectory(directory);
        var claim = new NetworkClaim();
        try
        {
            claim.Take(Path.Combine(directory, $"table.{table}"), $"the nftables table \"{table}\"", dataDirectory);
            claim.Take(Path.Combine(directory, $"bridge.{bridge}"), $"the bridge \"{bridge}\"", dataDirectory);
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var file in _held) file.Dispose();
    }

    private void Take(string path, string what, string dataDirectory)
    {
        if (HeldFile.TryTake(path, dataDirectory, out var holder) is { } file)
        {
            _held.Add(file);
            return;
        }
        throw new NetworkClaimedException(
            $"{holder}{(holder!.What.Length > 0 ? $" with the data directory {holder.What}" : "")} has {what} of this machine, and two would break each other's services. "
            + "Stop it, or give this one names and address ranges of its own in the file of --config: actororch.network.bridge, table, service-cidrs, pod-cidrs and local-pod-cidrs");
    }
}
