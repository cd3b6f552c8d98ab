using ActorOrch.Registry.Files;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// That a process has SQLite's files open, in a file beside them: where it is found at a start, that process was killed, and the write-ahead
/// logs have to be there, because what was acknowledged last may stand in them alone. A connection to each file keeps the logs until the end;
/// SQLite removes one with the last connection.
/// </summary>
public sealed class OpenStore(string directory) : IDisposable
{
    internal const string FileName = "store.open";
    private const string BootFile = "/proc/sys/kernel/random/boot_id";
    private const int IndexBytes = 96;

    private static readonly string[] Databases = ["journal.db", "snapshots.db"];

    private readonly List<SqliteConnection> _kept = [];

    public string Path { get; } = System.IO.Path.Combine(directory, FileName);

    /// <summary>
    /// What a process that was killed left and is not there any more, named; null where nothing is missing. Before SQLite opens the files, which
    /// copies and removes the logs. Throws <see cref="IOException"/>.
    /// </summary>
    public string? Lost()
    {
        var boot = SmallFile.ReadText(Path);
        // After a loss of power less is known: of what was not synced, any part may be missing.
        var isSameBoot = boot is not null && boot == Boot();
        foreach (var database in Databases)
        {
            var file = System.IO.Path.Combine(directory, database);
            var log = file + "-wal";
            if (!File.Exists(log))
            {
                if (boot is not null && File.Exists(file)) return $"{log} is missing though the process that had it open did not end by itself";
                continue;
            }
            using var stream = new FileStream(SmallFile.OpenUnlocked(log), FileAccess.Read, bufferSize: 1 << 16);
            var scan = LogScan.Of(stream);
            var lost = isSameBoot ? Index(file + "-shm")?.Lost(scan) : null;
            // Parts of checkpoints are not synced one by one: without power, of snapshots a later one may be there and an earlier one not.
            if (lost is null && (isSameBoot || database == Databases[0])) lost = scan.Damage;
            if (lost is not null) return $"{log} {lost}";
        }
        return null;
    }

    /// <summary>When the files are prepared and before anything is acknowledged.</summary>
    public void Begin()
    {
        foreach (var database in Databases)
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = System.IO.Path.Combine(directory, database), Pooling = false }.ToString());
            _kept.Add(connection);
            connection.Open();
            using var command = connection.CreateCommand();
            // Makes the log.
            command.CommandText = "SELECT COUNT(*) FROM sqlite_schema";
            command.ExecuteScalar();
        }
        SmallFile.Write(Path, Boot());
    }

    /// <summary>Copies what is in the logs, as they were opened, into their files. Whether that was all of it.</summary>
    public bool Save()
    {
        try
        {
            return _kept.TrueForAll(connection => WriteAheadLog.Checkpoint(connection).All);
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>After the last write, or when <see cref="Lost"/> has been answered: from here on the logs may go.</summary>
    public void End()
    {
        if (File.Exists(Path))
        {
            File.Delete(Path);
            SmallFile.SyncDirectory(directory);
        }
        Dispose();
    }

    public void Dispose()
    {
        foreach (var connection in _kept) connection.Dispose();
        _kept.Clear();
    }

    private static LogIndex? Index(string file)
    {
        if (!File.Exists(file)) return null;
        using var stream = new FileStream(SmallFile.OpenUnlocked(file), FileAccess.Read, bufferSize: 0);
        var memory = new byte[IndexBytes];
        return LogIndex.Of(memory.AsSpan(0, stream.ReadAtLeast(memory, IndexBytes, throwOnEndOfStream: false)));
    }

    /// <summary>Another whenever the machine is started; where there is none, never the same.</summary>
    private static string Boot() => File.Exists(BootFile) ? File.ReadAllText(BootFile) : $"{Guid.NewGuid()}\n";
}
