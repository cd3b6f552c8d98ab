using ActorOrch.Registry.Checkpoints;
using Npgsql;

namespace ActorOrch.Registry.Persistence.Identity;

/// <summary>Looks at a PostgreSQL database without making or changing anything.</summary>
internal static class PostgreSqlInspection
{
    public static StoreFacts Inspect(DirectoryFacts directory, string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        var name = NameOf(connection);
        var isIdentified = HasTable(connection, "identity");
        var id = isIdentified ? IdentityTable.Read(connection, IdentityTable.Store) : null;
        var hasJournal = HasTable(connection, "journal");
        var part = new StorePart(name, id, null, hasJournal && HasRows(connection)) { SaysRows = isIdentified && IdentityTable.Read(connection, IdentityTable.Rows) is not null };
        return new(directory, [part], hasJournal && HasTable(connection, "snapshot") ? Behind(connection) : null);
    }

    /// <summary>Writes down that something is stored, where that is so: tables that somebody empties later are not taken for new ones.</summary>
    public static void NoteRows(NpgsqlConnection connection)
    {
        if (IdentityTable.Read(connection, IdentityTable.Rows) is null && HasRows(connection)) IdentityTable.Put(connection, IdentityTable.Rows, "yes");
    }

    private static bool HasRows(NpgsqlConnection connection) => Is(connection, "SELECT EXISTS (SELECT 1 FROM journal)");

    public static string NameOf(NpgsqlConnection connection) => $"the database {connection.Database} of PostgreSQL at {connection.Host}";

    /// <summary>An actor of which a snapshot holds more than its journal; null where there is none.</summary>
    public static string? Behind(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand($"""
            SELECT s.persistence_id FROM (SELECT persistence_id, MAX(sequence_number) AS last FROM snapshot
              WHERE persistence_id NOT LIKE '{CheckpointStore.PartsPrefix}%' GROUP BY persistence_id) s
            WHERE s.last > COALESCE((SELECT MAX(j.sequence_number) FROM journal j WHERE j.persistence_id = s.persistence_id), 0) LIMIT 1
            """, connection);
        return command.ExecuteScalar() as string;
    }

    public static bool HasTable(NpgsqlConnection connection, string name) => Is(connection, $"SELECT to_regclass('{name}') IS NOT NULL");

    private static bool Is(NpgsqlConnection connection, string question)
    {
        using var command = new NpgsqlCommand(question, connection);
        return command.ExecuteScalar() is true;
    }
}
