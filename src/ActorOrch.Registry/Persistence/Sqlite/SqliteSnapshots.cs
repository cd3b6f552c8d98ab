using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Persistence.Keeping;
using ActorOrch.Registry.Timing;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using Akka.Serialization;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>The snapshot store on SQLite, in the table and the encoding of Akka.Persistence.Sql; see <see cref="SqliteJournal"/>.</summary>
public sealed class SqliteSnapshots(Config config) : SnapshotStore
{
    private const string Matching = """
        persistence_id = $id AND sequence_number BETWEEN $from AND $to AND created BETWEEN $since AND $until
        """;

    /// <summary>Rows of about half a megabyte that one transaction deletes: other writers of the file wait for it.</summary>
    private const int DeletedAtOnce = 4;

    private const int ReleasedAtOnce = 2 << 20;

    private readonly Serialization _serialization = Context.System.Serialization;
    private readonly string _connectionString = config.GetString("connection-string");
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly StoreWatch _watch = StoreWatch.Of(Context.System);
    private readonly StoreMarks _marks = StoreMarks.Of(Context.System);
    private int _releasing;

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Task.Run(() => Load(persistenceId, criteria), cancellationToken);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) =>
        Task.Run(() => Save(metadata, snapshot), cancellationToken);

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) =>
        DeleteAsync(metadata.PersistenceId, new(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr), cancellationToken);

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Task.Run(() => Delete(persistenceId, criteria), cancellationToken);

    private SelectedSnapshot? Load(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        using var connection = Open();
        using var command = Select(connection, $"""
            SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE {Matching} ORDER BY sequence_number DESC LIMIT 1
            """, persistenceId, criteria);
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return null;
        var snapshot = DamagedRows.Read(
            connection.DataSource, persistenceId, reader.GetInt64(0), _serialization,
            reader.GetFieldValue<byte[]>(2), reader.GetInt32(4), reader.IsDBNull(3) ? "" : reader.GetString(3));
        return new(new(persistenceId, reader.GetInt64(0), new(reader.GetInt64(1), DateTimeKind.Utc)), snapshot);
    }

    private void Save(SnapshotMetadata metadata, object snapshot)
    {
        var serializer = _serialization.FindSerializerFor(snapshot);
        using var connection = Open();
        // A part is nothing by itself: the row that makes its checkpoint visible comes last, and syncs the log that holds them all.
        var isPart = snapshot is ObjectsRecord;
        Execute(connection, $"PRAGMA synchronous = {(isPart ? "NORMAL" : "FULL")}");
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT OR REPLACE INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
            VALUES ($id, $number, $created, $snapshot, $manifest, $serializer)
            """;
        command.Parameters.AddWithValue("$id", metadata.PersistenceId);
        command.Parameters.AddWithValue("$number", metadata.SequenceNr);
        command.Parameters.AddWithValue("$created", metadata.Timestamp.Ticks);
        command.Parameters.AddWithValue("$snapshot", serializer.ToBinary(snapshot));
        command.Parameters.AddWithValue("$manifest", Serialization.ManifestFor(serializer, snapshot));
        command.Parameters.AddWithValue("$serializer", serializer.Identifier);
        command.ExecuteNonQuery();
        var number = MarkedDatabase.Snapshots.RaiseIn(connection);
        transaction.Commit();
        _watch.Require();
        if (!isPart && number is { } saved) _marks.Written(Path.GetFileName(connection.DataSource), saved);
    }

    private void Delete(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        using var connection = Open();
        while (DeleteSome(connection, persistenceId, criteria) == DeletedAtOnce) continue;
        if (FreePages.ShouldRelease(connection)) ReleaseSoon();
    }

    private static int DeleteSome(SqliteConnection connection, string persistenceId, SnapshotSelectionCriteria criteria)
    {
        using var transaction = connection.BeginTransaction();
        using var command = Select(connection, $"DELETE FROM snapshot WHERE rowid IN (SELECT rowid FROM snapshot WHERE {Matching} LIMIT {DeletedAtOnce})", persistenceId, criteria);
        var deleted = command.ExecuteNonQuery();
        if (deleted > 0) MarkedDatabase.Snapshots.RaiseIn(connection);
        transaction.Commit();
        return deleted;
    }

    /// <summary>Nobody waits for it.</summary>
    private void ReleaseSoon()
    {
        if (Interlocked.Exchange(ref _releasing, 1) == 0)
            Unawaited.Observe("giving free pages back", Task.Factory.StartNew(Release, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    private void Release()
    {
        try
        {
            using var connection = Open();
            while (FreePages.Release(connection, ReleasedAtOnce)) continue;
            WriteAheadLog.Checkpoint(connection);
        }
        catch (Exception failure) when (failure is SqliteException or StoreLostException)
        {
            _log.Warning(failure, "Pages of the snapshots' file that are free could not be given back; that is tried again after the next deletion");
        }
        finally
        {
            Volatile.Write(ref _releasing, 0);
        }
    }

    private SqliteConnection Open()
    {
        _watch.Require();
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Select(SqliteConnection connection, string sql, string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", persistenceId);
        command.Parameters.AddWithValue("$from", criteria.MinSequenceNr);
        command.Parameters.AddWithValue("$to", criteria.MaxSequenceNr);
        command.Parameters.AddWithValue("$since", criteria.MinTimestamp?.Ticks ?? 0);
        command.Parameters.AddWithValue("$until", criteria.MaxTimeStamp.Ticks);
        return command;
    }
}
