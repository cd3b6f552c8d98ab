namespace ActorOrch.Hosting;

/// <summary>What a cluster keeps in its data directory, by name. Whatever else lies there is somebody else's.</summary>
internal static class DataFiles
{
    /// <summary>In the order in which a reset removes them: the ids last, so that one that was interrupted finds the rest again.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "nodes", "pki", "journal.db", "journal.db-wal", "journal.db-shm", "snapshots.db", "snapshots.db-wal", "snapshots.db-shm", "store.seal", "store.open", "store.marks", "kubeconfig", "cluster-id", "lock",
    ];

    /// <summary>Of those, what SQLite has.</summary>
    public static readonly IReadOnlyList<string> Databases = [.. Names.Where(n => n.Contains(".db", StringComparison.Ordinal))];

    /// <summary>No other program has files of these names.</summary>
    private static readonly string[] Marks = ["cluster-id", "journal.db", "snapshots.db", "store.seal", "store.open", "store.marks"];

    /// <summary>What every ext4 file system has at its top.</summary>
    private const string Found = "lost+found";

    /// <summary>Whether a file or directory of that name is a cluster's, or on its way to be.</summary>
    public static bool IsOwn(string name) => Names.Any(own => name == own || name.StartsWith(own + ".", StringComparison.Ordinal));

    /// <summary>Keys that a start makes where both files of a pair, or the one, are missing; what rests on the old ones is void then.</summary>
    public static readonly IReadOnlyList<string> RenewedKeys = ["serving.crt", "serving.key", "admin.crt", "admin.key", "admin.token"];

    /// <summary>What one may remove of a file that is damaged, because a start makes it anew; null of one that it does not.</summary>
    public static string? Removable(string path) => Path.GetFileName(path) switch
    {
        "lock" or "kubeconfig" => path,
        "admin.token" => path,
        var name when RenewedKeys.Contains(name) => $"{Path.ChangeExtension(path, "crt")} and {Path.ChangeExtension(path, "key")}",
        _ => null,
    };

    /// <summary>Whether a file only says what others were when they were written last.</summary>
    public static bool IsKnowledge(string path) => Path.GetFileName(path) is "store.seal" or "store.open" or "store.marks";

    /// <summary>
    /// A directory in it that shows that it is somebody's home or project; null where a cluster may have it. Single files may lie there from the
    /// beginning, as settings or a log that the shell writes, and are left as they are.
    /// </summary>
    public static string? FirstForeign(DirectoryInfo directory)
    {
        var all = directory.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal).ToList();
        return all.Any(e => Marks.Contains(e.Name)) ? null : all.OfType<DirectoryInfo>().FirstOrDefault(e => !IsOwn(e.Name) && e.Name != Found)?.Name;
    }
}
