using ActorOrch.Networking.Kernel.Watching;

namespace ActorOrch.Networking.Kernel;

/// <summary>Where rules go. One call at a time.</summary>
public interface INftables
{
    /// <summary>Applies the commands of a script, all or none. Throws <see cref="NftablesException"/> with nft's own words.</summary>
    Task ApplyAsync(string script, CancellationToken cancel);

    /// <summary>Whether a change of rules came from here.</summary>
    bool IsOwn(NftAuthor author);
}

/// <summary>The kernel, or nft on its behalf, refused.</summary>
/// <param name="unavailable">Whether nftables cannot be used here at all: missing, or not permitted.</param>
public sealed class NftablesException(string message, bool unavailable = false, Exception? inner = null) : Exception(message, inner)
{
    public bool Unavailable { get; } = unavailable;
}

/// <summary>Finds the way into the kernel.</summary>
public static class Nftables
{
    /// <summary>Says what to install or to grant.</summary>
    public const string Remedy =
        "install the package 'nftables' (Debian: apt-get install nftables) and run as root or with CAP_NET_ADMIN; services have no addresses on this node until then";

    /// <summary>The library where it can be loaded (no process per change), else the command.</summary>
    public static INftables Open(NetworkSettings settings) => settings.Nftables switch
    {
        "command" => new NftCommand("nft"),
        "library" => new LibNftables(),
        _ => LibNftables.IsPresent ? new LibNftables() : new NftCommand("nft"),
    };
}
