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

    private readonly List<SqliteConnection> _kept = [];

    public string Path { get; } = System.IO.Path.Combine(directory, FileName);

    /// <summary>How far the files have come; there though they were closed well.</summary>
    public string MarksPath { get; } = StoreMarks.PathIn(directory);

    /// <summary>
    /// A file that does not go with its log, named: what was copied into it before the log began anew is not in it, and to open the two together
    /// would make a third that never was. Null where there is none. Before SQLite opens them. Throws <see cref="IOException"/>.
    /// </summary>
    public string? Mixed()
    {
        var isSameBoot = IsSameBoot();
        foreach (var (name, mark) in StoreMarks.Read(directory))
        {
            var database = MarkedDatabase.Named(name);
            var log = new FileInfo(MarkedDatabase.LogOf(database.In(directory)));
            if (log is not { Exists: true, Length: > 0 } || new FileInfo(database.In(directory)) is not { Exists: true, Length: > 0 }) continue;
            if (database.Alone(directory) is not { } alone || alone >= mark.Copied) continue;
            // After a loss of power a page that was just being copied into it may be torn: nothing is found on it then.
            if (alone > 0 || isSameBoot) return $"{database.In(directory)} is an older file, or another, than when the log beside it began: its number is {alone}, and it was {mark.Copied}";
        }
        return null;
    }

    /// <summary>A file that, with its log, holds less than was acknowledged, named; null where there is none. Leaves both as they are.</summary>
    public string? Older()
    {
        foreach (var (name, mark) in StoreMarks.Read(directory))
        {
            var database = MarkedDatabase.Named(name);
            if (new FileInfo(database.In(directory)) is not { Exists: true, Length: > 0 }) continue;
            if (database.WithLog(directory) is { } found && found < mark.Written) return $"{database.In(directory)} is older than what was written last: its number is {found}, and it was {mark.Written}";
        }
        return null;
    }

    /// <summary>
    /// What a process that was killed left and is not there any more, named; null where nothing is missing. Before SQLite opens the files, which
    /// copies and removes the logs. Throws <see cref="IOException"/>.
    /// </summary>
    public string? Lost()
    {
        // After a loss of power less is known: of what was not synced, any part may be missing.
        var (isOpen, isSameBoot) = (File.Exists(Path), IsSameBoot());
        foreach (var database in MarkedDatabase.All)
        {
            var file = database.In(directory);
            var log = MarkedDatabase.LogOf(file);
            if (!File.Exists(log))
            {
                if (isOpen && File.Exists(file)) return $"{log} is missing though the process that had it open did not end by itself";
                continue;
            }
            using var stream = new FileStream(SmallFile.OpenUnlocked(log), FileAccess.Read, bufferSize: 1 << 16);
            var scan = LogScan.Of(stream);
            var lost = isSameBoot ? Index(file + "-shm")?.Lost(scan) : null;
            // Parts of checkpoints are not synced one by one: without power, of snapshots a later one may be there and an earlier one not.
            if (lost is null && (isSameBoot || database == MarkedDatabase.All[0])) lost = scan.Damage;
            if (lost is not null) return $"{log} {lost}";
        }
        return null;
    }

    /// <summary>When the files are prepared and before anything is acknowledged.</summary>
    public void Begin()
    {
        var known = StoreMarks.Read(directory).ToDictionary(m => m.Name, m => m.Mark.Copied);
        var marks = new List<(string, StoreMark)>();
        foreach (var database in MarkedDatabase.All)
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database.In(directory), Pooling = false }.ToString());
            _kept.Add(connection);
            connection.Open();
            using var command = connection.CreateCommand();
            // Makes the log.
            command.CommandText = "SELECT COUNT(*) FROM sqlite_schema";
            command.ExecuteScalar();
            // Whether the file can be written to is found out now, and by nobody who waits.
            command.CommandText = database.Raise;
            if (database.Ask(connection) is not null) command.ExecuteNonQuery();
            if (database.Ask(connection) is not { } number) continue;
            // Nobody else writes yet: where all is copied, it is synced, too.
            var isCopied = WriteAheadLog.Checkpoint(connection).All;
            marks.Add((database.Name, new(isCopied ? number : Math.Min(number, known.GetValueOrDefault(database.Name)), number)));
        }
        StoreMarks.Write(directory, marks);
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

    /// <summary>Whether the process that had the files open ran since the machine was started last.</summary>
    private bool IsSameBoot() => SmallFile.ReadText(Path) is { } boot && boot == Boot();

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
