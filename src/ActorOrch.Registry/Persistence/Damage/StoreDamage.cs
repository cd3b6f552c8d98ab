using System.Data;
using ActorOrch.Registry.Persistence.Identity;
using ActorOrch.Registry.Persistence.Records;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorOrch.Registry.Persistence.Damage;

/// <summary>Sets aside what is damaged, all of it in one go.</summary>
internal static class StoreDamage
{
    /// <summary>Returns what was set aside, a line a row. Throws <see cref="SqliteException"/>.</summary>
    public static IReadOnlyList<string> SetAsideOnSqlite(string journalFile, string snapshotsFile, Func<SecretsKey?> key)
    {
        using var journal = Open(journalFile);
        using var snapshots = Open(snapshotsFile);
        using var journalChange = journal.BeginTransaction();
        using var snapshotsChange = snapshots.BeginTransaction();
        var rows = new SetAside(key, "BLOB").Run(journal, snapshots, table => Path.GetFileName(table == "journal" ? journalFile : snapshotsFile));
        snapshotsChange.Commit();
        journalChange.Commit();
        return rows;
    }

    /// <summary>
    /// The same on PostgreSQL. Throws <see cref="StoreInUseException"/> where there is something to set aside and other processes have the
    /// database open: they know what would be moved.
    /// </summary>
    public static IReadOnlyList<string> SetAsideOnPostgreSql(string connectionString, Func<SecretsKey?> key)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        connection.Open();
        // A checkpoint that another process stores and what it cuts then from the journal are seen both or neither.
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        Ask(connection, "SELECT pg_advisory_xact_lock(7401)");
        var rows = new SetAside(key, "BYTEA").Run(connection, connection, table => $"{PostgreSqlInspection.NameOf(connection)}, table {table}");
        if (rows.Count > 0 && Others(connection, connectionString) is > 0 and var others)
            throw new StoreInUseException($"{rows.Count} rows of {PostgreSqlInspection.NameOf(connection)} are damaged ({rows[0]}), and {others} other connections of its user are open: stop the cluster's other processes first, so that what they know is not set aside under them");
        // Where nothing is left, that is as it was wished.
        Ask(connection, $"DELETE FROM identity WHERE name = '{IdentityTable.Rows}' AND NOT EXISTS (SELECT 1 FROM journal)");
        transaction.Commit();
        return rows;
    }

    /// <summary>How many connections others have, once this process's own that rest are closed: the server takes a moment to see that.</summary>
    private static long Others(NpgsqlConnection connection, string connectionString)
    {
        const int mostTries = 20;
        using (var pooled = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(pooled);
        var others = 0L;
        for (var i = 0; i < mostTries; i++)
        {
            others = (long)Ask(connection, """
                SELECT COUNT(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user AND backend_type = 'client backend'
                """)!;
            if (others == 0) break;
            Ask(connection, "SELECT pg_stat_clear_snapshot(), pg_sleep(0.1)");
        }
        return others;
    }

    private static object? Ask(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}

/// <summary>Others use the store, and it is not changed under them.</summary>
public sealed class StoreInUseException(string message) : IOException(message);
