using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>What is asked of the journal's table. Each call has a connection of its own, and blocks.</summary>
/// <param name="require">Throws where the file is not the one that is to be read.</param>
internal sealed class JournalQueries(string connectionString, Action require)
{
    /// <summary>Of the rows of an actor, those marked as deleted included; 0 where it has none.</summary>
    public long HighestSequenceNumber(string persistenceId)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $id";
        command.Parameters.AddWithValue("$id", persistenceId);
        return command.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>The rows of an actor in order, read as they are taken.</summary>
    public IEnumerable<JournalRow> Rows(string persistenceId, long from, long to, long max)
    {
        if (max == 0) yield break;
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT {JournalRow.Columns} FROM journal
            WHERE persistence_id = $id AND sequence_number BETWEEN $from AND $to AND deleted = 0
            ORDER BY sequence_number LIMIT $max
            """;
        command.Parameters.AddWithValue("$id", persistenceId);
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$to", to);
        command.Parameters.AddWithValue("$max", max);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return JournalRow.Read(reader);
    }

    private SqliteConnection Open()
    {
        require();
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }
}
