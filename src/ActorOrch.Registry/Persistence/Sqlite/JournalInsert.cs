using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>The statements of one connection that add rows to the journal, prepared once.</summary>
internal sealed class JournalInsert : IDisposable
{
    private readonly SqliteCommand _begin, _insert, _commit;
    private readonly SqliteParameter _created, _persistenceId, _sequenceNumber, _message, _manifest, _serializer, _writer;

    public JournalInsert(SqliteConnection connection)
    {
        // SQLite's own waiting for another connection's lock looks again after 1 ms; the driver's sleeps for 150.
        using (var pragma = Command(connection, $"PRAGMA busy_timeout = {connection.DefaultTimeout * 1000}")) pragma.ExecuteNonQuery();
        _begin = Command(connection, "BEGIN IMMEDIATE");
        _commit = Command(connection, "COMMIT");
        _insert = Command(connection, """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, tags, writer_uuid)
            VALUES ($created, 0, $persistence_id, $sequence_number, $message, $manifest, $identifier, '', $writer)
            """);
        _created = _insert.Parameters.Add("$created", SqliteType.Integer);
        _persistenceId = _insert.Parameters.Add("$persistence_id", SqliteType.Text);
        _sequenceNumber = _insert.Parameters.Add("$sequence_number", SqliteType.Integer);
        _message = _insert.Parameters.Add("$message", SqliteType.Blob);
        _manifest = _insert.Parameters.Add("$manifest", SqliteType.Text);
        _serializer = _insert.Parameters.Add("$identifier", SqliteType.Integer);
        _writer = _insert.Parameters.Add("$writer", SqliteType.Text);
        _begin.Prepare();
        _insert.Prepare();
        _commit.Prepare();
    }

    /// <summary>Returns when the rows are durable. After an exception the connection may be within a transaction: close it.</summary>
    public void Commit(IEnumerable<JournalRow> rows)
    {
        _begin.ExecuteNonQuery();
        foreach (var row in rows)
        {
            _created.Value = row.Created;
            _persistenceId.Value = row.PersistenceId;
            _sequenceNumber.Value = row.SequenceNumber;
            _message.Value = row.Message;
            _manifest.Value = row.Manifest;
            _serializer.Value = row.Serializer;
            _writer.Value = row.Writer;
            _insert.ExecuteNonQuery();
        }
        _commit.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _begin.Dispose();
        _insert.Dispose();
        _commit.Dispose();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
