using System.Diagnostics;
using ActorOrch.Registry.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Benchmarks.Registry;

/// <summary>What SQLite alone takes for a commit: the journal's table, settings and bytes, prepared statements, nothing around them.</summary>
internal sealed class BareTransactions : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public BareTransactions(string file)
    {
        _connection = new($"Data Source={file};Pooling=False");
        _connection.Open();
        using (var tables = _connection.CreateCommand())
        {
            tables.CommandText = $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {Tables.SqliteJournal}";
            tables.ExecuteNonQuery();
        }
        _insert = _connection.CreateCommand();
        _insert.CommandText = """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, tags, writer_uuid)
            VALUES (0, 0, 'collection/configmaps', $number, $message, 'commit/2', 7401, '', '00000000-0000-0000-0000-000000000000')
            """;
        _insert.Parameters.Add("$number", SqliteType.Integer);
        _insert.Parameters.Add("$message", SqliteType.Blob);
    }

    public TimeSpan Write(long number, byte[] message)
    {
        _insert.Parameters["$number"].Value = number;
        _insert.Parameters["$message"].Value = message;
        var start = Stopwatch.GetTimestamp();
        using (var transaction = _connection.BeginTransaction())
        {
            _insert.Transaction = transaction;
            _insert.ExecuteNonQuery();
            transaction.Commit();
        }
        return Stopwatch.GetElapsedTime(start);
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
