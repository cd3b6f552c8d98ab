using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Identity;

/// <summary>Looks at the two files of SQLite without making or changing anything.</summary>
internal static class SqliteInspection
{
    // SQLite's primary result codes (sqlite.org/rescode.html).
    private const int Error = 1, Corrupt = 11, NotADatabase = 26;

    public static StoreFacts Inspect(DirectoryFacts directory, string journalFile, string snapshotsFile)
    {
        using var journal = Open(journalFile);
        using var snapshots = Open(snapshotsFile);
        StorePart[] parts = [Part(journalFile, journal, "journal"), Part(snapshotsFile, snapshots, "snapshot")];
        return new(directory, parts, parts.Any(p => p.Damage is not null) ? null : Behind(journal, snapshots));
    }

    /// <summary>Whether its pages do not fit together. Throws <see cref="SqliteException"/> for what is no matter of them.</summary>
    public static bool IsDamaged(string file)
    {
        try
        {
            using var connection = Open(file);
            if (connection is null) return false;
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            return command.ExecuteScalar() is not "ok";
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is Error or Corrupt or NotADatabase)
        {
            return true;
        }
    }

    /// <summary>Null where there is no file, or an empty one, which SQLite would fill.</summary>
    private static SqliteConnection? Open(string file)
    {
        if (new FileInfo(file) is not { Exists: true, Length: > 0 }) return null;
        // Not read-only: a log that a killed process left has to be read, too.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        // Where this is refused, the log may belong to another file than the one that is there.
        MarkedDatabase.LeaveLog(connection);
        return connection;
    }

    private static StorePart Part(string name, SqliteConnection? connection, string table)
    {
        if (connection is null) return new(name, null, null, HasRows: false);
        try
        {
            var (identified, has) = (HasTable(connection, "identity"), HasTable(connection, table));
            return new(
                name,
                identified ? IdentityTable.Read(connection, IdentityTable.Store) : null,
                identified ? IdentityTable.Read(connection, IdentityTable.Cluster) : null,
                has && Number(connection, $"SELECT EXISTS (SELECT 1 FROM {table})") == 1)
            {
                // A start makes the tables of an empty file, and of nothing else.
                Damage = has || Number(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0 ? null : $"is damaged, or another file: it has no table \"{table}\"",
            };
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is Error or Corrupt or NotADatabase)
        {
            return new(name, null, null, HasRows: true) { Damage = $"is damaged: {damaged.Message}" };
        }
    }

    /// <summary>An actor's snapshot cannot hold more than its journal had: the last row of a journal stays when it is cut.</summary>
    private static string? Behind(SqliteConnection? journal, SqliteConnection? snapshots)
    {
        if (snapshots is null || !HasTable(snapshots, "snapshot")) return null;
        using var command = snapshots.CreateCommand();
        command.CommandText = $"SELECT persistence_id, MAX(sequence_number) FROM snapshot WHERE persistence_id NOT LIKE '{CheckpointStore.PartsPrefix}%' GROUP BY persistence_id";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var id = reader.GetString(0);
            if (reader.GetInt64(1) > HighestOf(journal, id)) return id;
        }
        return null;
    }

    private static long HighestOf(SqliteConnection? journal, string persistenceId)
    {
        if (journal is null || !HasTable(journal, "journal")) return 0;
        using var command = journal.CreateCommand();
        command.CommandText = "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $id";
        command.Parameters.AddWithValue("$id", persistenceId);
        return command.ExecuteScalar() as long? ?? 0;
    }

    private static bool HasTable(SqliteConnection connection, string name) =>
        Number(connection, $"SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '{name}'") == 1;

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
