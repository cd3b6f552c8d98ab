using System.Globalization;
using System.IO.Hashing;
using ActorOrch.Registry.Files;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// What SQLite's files were when their process ended well: the length and the checksum of each, in a file beside them. A file that is not what
/// it was at the next start was damaged, changed or replaced meanwhile, wherever in it that is. A process that is killed leaves no seal; its
/// records have checksums of their own.
/// </summary>
public sealed class StoreSeal(string directory)
{
    private const string FileName = "store.seal";
    private const int BufferBytes = 1 << 20;

    private static readonly string[] Databases = ["journal.db", "snapshots.db"];

    public string Path { get; } = System.IO.Path.Combine(directory, FileName);

    /// <summary>The first of the files that is not what it was; null where they are, or where there is no seal. Throws <see cref="DamagedFileException"/>.</summary>
    public string? Broken()
    {
        if (SmallFile.ReadText(Path) is not { } text) return null;
        var lines = text.TrimEnd('\n').Split('\n');
        if (lines.Length != Databases.Length) throw Damaged();
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Databases[i] + " ", StringComparison.Ordinal)) throw Damaged();
            var file = System.IO.Path.Combine(directory, Databases[i]);
            if (!File.Exists(file) || LineOf(file) != lines[i]) return file;
        }
        return null;
    }

    /// <summary>Before anything is written. Whether there was one.</summary>
    public bool Break()
    {
        if (!File.Exists(Path)) return false;
        File.Delete(Path);
        SmallFile.SyncDirectory(directory);
        return true;
    }

    /// <summary>
    /// After the last write of a process that nobody shares the files with. Copies what is left of their logs first; where that is not possible,
    /// there is no seal.
    /// </summary>
    public bool TryWrite()
    {
        SqliteConnection.ClearAllPools();
        var files = Databases.Select(d => System.IO.Path.Combine(directory, d)).ToList();
        if (!files.TrueForAll(Settle)) return false;
        SmallFile.Write(Path, string.Concat(files.Select(f => LineOf(f) + "\n")));
        return true;
    }

    private static bool Settle(string file)
    {
        if (!File.Exists(file)) return false;
        try
        {
            using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 }.ToString()))
            {
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
                command.ExecuteNonQuery();
            }
            // SQLite removes the log with the last connection: where it stays, somebody else has the file open.
            return !File.Exists(file + "-wal");
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static string LineOf(string file)
    {
        var hash = new XxHash128();
        using var stream = new FileStream(SmallFile.OpenUnlocked(file), FileAccess.Read, bufferSize: 0);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        int read;
        while ((read = stream.Read(buffer)) > 0) hash.Append(buffer.AsSpan(0, read));
        return string.Create(CultureInfo.InvariantCulture, $"{System.IO.Path.GetFileName(file)} {stream.Length} {Convert.ToHexStringLower(hash.GetCurrentHash())}");
    }

    private DamagedFileException Damaged() => new(Path, "does not hold what was written");
}
