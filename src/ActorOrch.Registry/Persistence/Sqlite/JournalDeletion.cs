using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>Deletes an actor's rows up to a sequence number, piece by piece, oldest first.</summary>
internal sealed class JournalDeletion(string persistenceId, long to)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _begun;
    private long _to = to;

    public Task Done => _done.Task;

    public void Finish() => _done.SetResult();

    public void Fail(Exception failure) => _done.SetException(failure);

    /// <summary>Deletes rows of about so many bytes. True when none is left that has to go.</summary>
    public bool DeletePiece(SqliteConnection connection, long bytes)
    {
        if (!_begun) KeepLast(connection);
        _begun = true;
        if (EndOfPiece(connection, bytes) is not { } end) return true;
        Execute(connection, "DELETE FROM journal WHERE persistence_id = $id AND sequence_number <= $to", end);
        return false;
    }

    /// <summary>The last row stays, marked: the next sequence number follows from it.</summary>
    private void KeepLast(SqliteConnection connection)
    {
        using var command = Command(connection, "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $id", _to);
        if (command.ExecuteScalar() is not long last || _to < last) return;
        Execute(connection, "UPDATE journal SET deleted = 1 WHERE persistence_id = $id AND sequence_number = $to", last);
        _to = last - 1;
    }

    /// <summary>The sequence number up to which the piece goes; null where there is nothing left. A row's length is found without reading it.</summary>
    private long? EndOfPiece(SqliteConnection connection, long bytes)
    {
        using var command = Command(connection, """
            SELECT sequence_number, LENGTH(message) FROM journal WHERE persistence_id = $id AND sequence_number <= $to ORDER BY sequence_number
            """, _to);
        using var reader = command.ExecuteReader();
        long? end = null;
        while (bytes > 0 && reader.Read())
        {
            end = reader.GetInt64(0);
            // Deleting many small rows costs by the row.
            bytes -= Math.Max(reader.GetInt64(1), 1024);
        }
        return end;
    }

    private void Execute(SqliteConnection connection, string sql, long number)
    {
        using var command = Command(connection, sql, number);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(SqliteConnection connection, string sql, long number)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", persistenceId);
        command.Parameters.AddWithValue("$to", number);
        return command;
    }
}
