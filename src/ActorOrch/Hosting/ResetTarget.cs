using ActorOrch.Registry.Persistence;

namespace ActorOrch.Hosting;

/// <summary>A data directory that is to go, held so that no process begins on it meanwhile. It may be damaged: that is what a reset is for.</summary>
internal sealed class ResetTarget : IDisposable
{
    private ResetTarget(DataDirectory data, string? clusterId)
    {
        Data = data;
        ClusterId = clusterId;
        Paths = [.. DataFiles.Names.Select(n => Path.Combine(data.Path, n)).Where(Path.Exists)];
    }

    public DataDirectory Data { get; }

    /// <summary>From the directory, or else from the databases; null where neither says.</summary>
    public string? ClusterId { get; }

    /// <summary>What of the cluster is there, the ids last.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Throws <see cref="StartupException"/> where there is no cluster's data, or a process runs on it.</summary>
    public static ResetTarget Find(DirectoryInfo directory)
    {
        if (!DataFiles.Names.Any(n => n != "lock" && Path.Exists(Path.Combine(directory.FullName, n)))) throw new StartupException($"{directory.FullName} holds nothing of a cluster");
        var data = DataDirectory.OpenDamaged(directory);
        try
        {
            var journal = Path.Combine(data.Path, "journal.db");
            data.LockDatabase(journal);
            return new(data, data.KnownClusterId ?? Store.ClusterIdIn(data.Path));
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    public void Dispose() => Data.Dispose();
}
