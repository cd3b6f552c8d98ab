using System.Data.Common;
using ActorOrch.Registry.Checkpoints;
using ActorOrch.Resources.Catalog;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Records;

/// <summary>Secrets that an earlier version stored as they are: encrypted once, when the first process with a key starts.</summary>
internal static class PlainSecrets
{
    private static readonly string[] Ids = [$"collection/{BuiltIn.Secrets.Collection}", CheckpointStore.PartsPrefix + BuiltIn.Secrets.Collection];

    /// <summary>Whether what belongs there is to be encrypted.</summary>
    public static bool IsSecret(RecordPlace place) => place.IsKnown && Ids.Contains(place.PersistenceId);

    /// <summary>Returns how many rows there were. Of what they held, nothing is left in the pages of a SQLite file, nor in its log.</summary>
    public static int Encrypt(DbConnection connection, string table, string column, SecretsKey key)
    {
        var rows = Rows(connection, table, column);
        if (rows.Count == 0) return 0;
        if (connection is SqliteConnection) Execute(connection, "PRAGMA secure_delete = ON");
        using (var transaction = connection.BeginTransaction())
        {
            foreach (var row in rows)
            {
                var (bytes, manifest) = RecordFormats.Renew(row.Bytes, row.Manifest, row.Place, row.Created, key);
                Execute(
                    connection, $"UPDATE {table} SET {column} = @bytes, manifest = @manifest WHERE persistence_id = @id AND sequence_number = @number",
                    ("@bytes", bytes), ("@manifest", manifest), ("@id", row.Place.PersistenceId), ("@number", row.Place.SequenceNumber));
            }
            transaction.Commit();
        }
        if (connection is SqliteConnection)
        {
            Execute(connection, "VACUUM");
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        return rows.Count;
    }

    private sealed record Row(RecordPlace Place, long Created, byte[] Bytes, string Manifest);

    private static List<Row> Rows(DbConnection connection, string table, string column)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT persistence_id, sequence_number, created, {column}, manifest FROM {table}
            WHERE persistence_id IN ('{Ids[0]}', '{Ids[1]}') AND manifest IN ({string.Join(", ", RecordFormats.WithoutEnvelope.Select(m => $"'{m}'"))})
            """;
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read()) rows.Add(new(new(reader.GetString(0), reader.GetInt64(1)), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetString(4)));
        return rows;
    }

    private static void Execute(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        command.ExecuteNonQuery();
    }
}
