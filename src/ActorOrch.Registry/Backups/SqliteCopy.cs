using ActorOrch.Registry.Files;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Backups;

/// <summary>
/// Copies SQLite's two files as they were at one moment, while their process goes on writing. For that moment nothing can be written to the
/// snapshots; both files are then read as they were at it, however long the copying takes. The journal's commits never wait.
/// </summary>
internal static class SqliteCopy
{
    /// <summary>How long a large transaction of the process may keep the snapshots locked.</summary>
    private const int PatienceSeconds = 30;

    /// <summary>Throws <see cref="SqliteException"/>; <see cref="IOException"/> where a copy is not sound.</summary>
    public static void Copy((string From, string To) journal, (string From, string To) snapshots)
    {
        using var gate = Open(snapshots.From);
        using var journalThen = Open(journal.From);
        using var snapshotsThen = Open(snapshots.From);
        // A checkpoint that is stored between the two would allow the journal to be cut to what only it holds.
        Execute(gate, "BEGIN IMMEDIATE");
        Pin(journalThen);
        Pin(snapshotsThen);
        Execute(gate, "ROLLBACK");
        Write(journalThen, journal.To);
        Write(snapshotsThen, snapshots.To);
    }

    /// <summary>From its first read on, a transaction sees the file as it is at that moment.</summary>
    private static void Pin(SqliteConnection connection)
    {
        Execute(connection, "BEGIN");
        Execute(connection, "SELECT COUNT(*) FROM sqlite_schema");
    }

    private static void Write(SqliteConnection from, string to)
    {
        SmallFile.CreatePrivate(to);
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        copy.Open();
        from.BackupDatabase(copy);
        using var check = copy.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        if (check.ExecuteScalar() is not "ok" and var found) throw new IOException($"{from.DataSource} is damaged: {found}");
        // One file, without a log beside it.
        check.CommandText = "PRAGMA journal_mode = DELETE";
        check.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = PatienceSeconds,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteScalar();
    }
}
