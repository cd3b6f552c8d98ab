namespace ActorOrch.Hosting;

/// <summary>What a cluster keeps in its data directory, by name. Whatever else lies there is somebody else's.</summary>
internal static class DataFiles
{
    /// <summary>In the order in which a reset removes them: the ids last, so that one that was interrupted finds the rest again.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "nodes", "pki", "journal.db", "journal.db-wal", "journal.db-shm", "snapshots.db", "snapshots.db-wal", "snapshots.db-shm", "store.seal", "store.open", "kubeconfig", "cluster-id", "lock",
    ];

    /// <summary>No other program has files of these names.</summary>
    private static readonly string[] Marks = ["cluster-id", "journal.db", "snapshots.db", "store.seal", "store.open"];

    /// <summary>What may be there beside them from the beginning: the log of an engine that the quick start has started, and what every ext4 file system has.</summary>
    private static readonly string[] Harmless = ["dockerd.log", "lost+found"];

    /// <summary>Whether a file or directory of that name is a cluster's, or on its way to be.</summary>
    public static bool IsOwn(string name) => Names.Any(own => name == own || name.StartsWith(own + ".", StringComparison.Ordinal));

    /// <summary>An entry that shows that the directory is no cluster's and is not empty either; null where a cluster may have it.</summary>
    public static string? FirstForeign(IEnumerable<string> names)
    {
        var all = names.Order(StringComparer.Ordinal).ToList();
        return all.Any(Marks.Contains) ? null : all.FirstOrDefault(name => !IsOwn(name) && !Harmless.Contains(name));
    }
}
