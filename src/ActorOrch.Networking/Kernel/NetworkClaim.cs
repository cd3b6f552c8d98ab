using ActorOrch.Registry.Files;

namespace ActorOrch.Networking.Kernel;

/// <summary>Another process of this machine has the bridge or the tables that one wants; the message says which, whose, and how to get on.</summary>
public sealed class NetworkClaimedException(string message) : Exception(message);

/// <summary>
/// A machine's bridge, its nftables tables and its address ranges belong to one process: two would replace each other's rules, or answer for each
/// other's addresses. Whoever programs them holds a file for each name, which the kernel closes when the process ends.
/// </summary>
public sealed class NetworkClaim : IDisposable
{
    /// <summary>Of the machine, and gone when it is started again.</summary>
    public const string DefaultDirectory = "/run/actororch";

    private const string Ranges = "ranges.";
    private const string Remedy =
        "Stop it, or give this one names and address ranges of its own in the file of --config: actororch.network.bridge, table, service-cidrs, pod-cidrs and local-pod-cidrs";

    private readonly List<HeldFile> _held = [];
    private readonly List<string> _shared = [];

    private NetworkClaim()
    {
    }

    /// <summary>What it shares with others without either failing for it, a line each.</summary>
    public IReadOnlyList<string> Shared => _shared;

    /// <summary>
    /// Throws <see cref="NetworkClaimedException"/> where a living process has one of the names, or a range that overlaps;
    /// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where the directory cannot be used.
    /// </summary>
    /// <param name="use">What becomes this process's, and what one that comes later is told.</param>
    public static NetworkClaim Take(string table, string bridge, NetworkUse use, string directory = DefaultDirectory)
    {
        SmallFile.MakeDirectory(directory);
        var claim = new NetworkClaim();
        try
        {
            claim.Take(Path.Combine(directory, $"table.{table}"), $"the nftables table \"{table}\"", use.DataDirectory);
            claim.Take(Path.Combine(directory, $"bridge.{bridge}"), $"the bridge \"{bridge}\"", use.DataDirectory);
            // Said first and then compared: of two that start together at least one sees the other.
            var own = Path.Combine(directory, Ranges + table);
            claim._held.Add(HeldFile.TryTake(own, use.ToLine(), out var starting) ?? throw new NetworkClaimedException($"{starting} is just starting on this machine: start this one again"));
            foreach (var file in Directory.EnumerateFiles(directory, Ranges + "*"))
                if (file != own) claim.Compare(use, file);
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

    private void Compare(NetworkUse use, string file)
    {
        // What a dead one has left counts for nothing.
        using var left = HeldFile.TryTake(file, "", out var holder);
        if (holder is null || NetworkUse.FromLine(holder.What) is not { } other) return;
        var name = $"{holder} with the data directory {other.DataDirectory}";
        if (use.ConflictWith(other) is { } conflict) throw new NetworkClaimedException($"{name} runs on this machine, and {conflict}: two would answer for each other's addresses. {Remedy}");
        if (use.SharedWith(other) is { } shared) _shared.Add($"{name} runs on this machine, and {shared}; actororch.network.node-ports gives each cluster its own");
    }

    private void Take(string path, string what, string dataDirectory)
    {
        if (HeldFile.TryTake(path, dataDirectory, out var holder) is { } file)
        {
            _held.Add(file);
            return;
        }
        throw new NetworkClaimedException(
            $"{holder}{(holder!.What.Length > 0 ? $" with the data directory {holder.What}" : "")} has {what} of this machine, and two would break each other's services. {Remedy}");
    }
}
