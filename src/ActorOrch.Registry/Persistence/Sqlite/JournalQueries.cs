using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry;

/// <summary>What is asked of the journal's table, besides adding to it. Each call has a connection of its own, and blocks.</summary>
internal sealed class JournalQueries(string connectionString)
{
    /// <summary>Rows deleted in one transaction: writers wait for it. A row can be a megabyte.</summary>
    private const int DeletedAtOnce = 16;

    /// <summary>Of the rows of an actor, those marked as deleted included; 0 where it has none.</summary>
    public long HighestSequenceNumber(string persistenceId)
    {
        using var connection = Open();
        return Number(connection, "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $id", persistenceId) ?? 0;
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

    /// <summary>Deletes an actor's rows up to a sequence number, oldest first. Its last row stays, marked: the next sequence number follows from it.</summary>
    public void Delete(string persistenceId, long to, CancellationToken cancel)
    {
        using var connection = Open();
        var last = Number(connection, "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $id", persistenceId);
        var next = Number(connection, "SELECT MIN(sequence_number) FROM journal WHERE persistence_id = $id", persistenceId);
        if (last is null || next is null) return;
        if (to >= last)
        {
            Number(connection, "UPDATE journal SET deleted = 1 WHERE persistence_id = $id AND sequence_number = $to", persistenceId, last.Value);
            to = last.Value - 1;
        }
        for (var below = next.Value + DeletedAtOnce - 1; ; below += DeletedAtOnce)
        {
            cancel.ThrowIfCancellationRequested();
            Number(connection, "DELETE FROM journal WHERE persistence_id = $id AND sequence_number <= $to", persistenceId, Math.Min(below, to));
            if (below >= to) return;
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }

    private static long? Number(SqliteConnection connection, string sql, string persistenceId, long to = 0)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", persistenceId);
        command.Parameters.AddWithValue("$to", to);
        return command.ExecuteScalar() as long?;
    }
}
