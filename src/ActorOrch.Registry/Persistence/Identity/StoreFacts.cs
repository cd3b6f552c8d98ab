namespace ActorOrch.Registry.Persistence.Identity;

/// <summary>What is found of a store before anything of it is used or made.</summary>
/// <param name="Name">What an administrator calls it: a file's path, or the database.</param>
/// <param name="StoreId">That stands in it; null where none does.</param>
/// <param name="ClusterId">Of the data directory that it belongs to; null where it belongs to several, or does not say.</param>
/// <param name="HasRows">Whether anything was ever stored.</param>
public sealed record StorePart(string Name, string? StoreId, string? ClusterId, bool HasRows)
{
    /// <summary>Why it cannot be read, where that is so: half a sentence.</summary>
    public string? Damage { get; init; }

    /// <summary>Whether it says of itself that something is stored in it: of each actor a row stays for ever.</summary>
    public bool SaysRows { get; init; }
}

/// <summary>What a data directory says of the store that it belongs to.</summary>
/// <param name="ClusterId">Null where the file is missing: it is written last of all, so a first start that was cut short has none.</param>
/// <param name="StoreId">That stands beside the keys; null where there is none.</param>
/// <param name="HasKeys">Whether a certificate authority is there.</param>
public sealed record DirectoryFacts(string Path, string? ClusterId, string? StoreId, bool HasKeys)
{
    /// <summary>A directory of a node whose containers say the cluster's id; null where no node ran here yet.</summary>
    public string? Node { get; init; }
}

/// <summary>Both, side by side.</summary>
/// <param name="Parts">The journal first; one that is both journal and snapshots stands alone.</param>
/// <param name="Behind">An actor of which a snapshot is stored that holds more than its journal; null where there is none.</param>
public sealed record StoreFacts(DirectoryFacts Directory, IReadOnlyList<StorePart> Parts, string? Behind)
{
    /// <summary>Whether processes with data directories of their own share it.</summary>
    public bool IsShared => Parts.Count == 1;
}
