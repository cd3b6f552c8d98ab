using System.Data.Common;
using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Records;

namespace ActorOrch.Registry.Persistence.Damage;

/// <summary>
/// Moves rows that are damaged out of the way, into the table <c>damaged</c> of their database, so that a cluster whose last backup is worse than
/// its damage can start. A checkpoint goes whole; the one before it takes its place. Of a journal, what lies before the newest checkpoint goes by
/// itself (history has a gap there), and what lies behind it goes from the first damaged row on: later changes rest on it.
/// Rows of other actors go by the same rules; and where a snapshot is lost, so does what followed on it.
/// </summary>
/// <param name="bytes">The type of a column of bytes.</param>
internal sealed class SetAside(Func<SecretsKey?> key, string bytes)
{
    private readonly List<string> _rows = [];
    private readonly Dictionary<string, Newest> _checkpoints = [];
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);

    /// <param name="SequenceNumber">Of the newest sound checkpoint of a collection.</param>
    private readonly record struct Newest(long SequenceNumber, long Revision);

    /// <param name="First">The first revision of a commit; a checkpoint's; 0 of what has none.</param>
    private readonly record struct Row(string Id, long Number, string? Why, long First = 0, long Last = 0);

    /// <summary>
    /// What was set aside: place, id, number and reason of each row. Each connection is in a transaction, which the caller ends; it may be one
    /// for both. Throws the database's exception where it cannot be read at all.
    /// </summary>
    /// <param name="nameOf">Names where a table is, for the administrator.</param>
    public IReadOnlyList<string> Run(DbConnection journal, DbConnection snapshots, Func<string, string> nameOf)
    {
        foreach (var connection in (IEnumerable<DbConnection>)(journal == snapshots ? [journal] : [snapshots, journal])) CreateTable(connection);
        Snapshots(snapshots, nameOf("snapshot"));
        Journal(journal, nameOf("journal"));
        return _rows;
    }

    private void CreateTable(DbConnection connection)
    {
        using var create = connection.CreateCommand();
        create.CommandText = $"""
            CREATE TABLE IF NOT EXISTS damaged (
              persistence_id TEXT NOT NULL, sequence_number BIGINT NOT NULL, content {bytes}, manifest TEXT, why TEXT NOT NULL)
            """;
        create.ExecuteNonQuery();
    }

    private void Snapshots(DbConnection connection, string place)
    {
        var rows = Read(connection, "SELECT persistence_id, sequence_number, snapshot, manifest FROM snapshot WHERE serializer_id = 7401 AND persistence_id LIKE 'collection%' ORDER BY persistence_id, sequence_number");
        var lost = rows.Where(r => r.Why is not null).Select(r => CheckpointStore.OfPart(r.Id, r.Number)).ToHashSet();
        foreach (var row in rows)
        {
            var checkpoint = CheckpointStore.OfPart(row.Id, row.Number);
            if (lost.Contains(checkpoint)) Move(connection, place, "snapshot", "snapshot", row, row.Why ?? "its checkpoint is damaged");
            else if (row.First > 0) _checkpoints[row.Id] = new(row.Number, row.First);
        }
        foreach (var (id, number, why) in ActorRows.Read(connection, "snapshot").ToList())
        {
            if (why is null) _checkpoints[id] = new(number, 0);
            else Move(connection, place, "snapshot", "snapshot", new(id, number, why), why);
            if (why is not null) _lost.Add(id);
        }
    }

    private void Journal(DbConnection connection, string place)
    {
        var rows = Read(connection, "SELECT persistence_id, sequence_number, message, manifest FROM journal WHERE identifier = 7401 AND NOT deleted AND persistence_id LIKE 'collection%' ORDER BY persistence_id, sequence_number");
        foreach (var of in rows.GroupBy(r => r.Id))
        {
            var newest = _checkpoints.GetValueOrDefault(of.Key, new(0, Snapshot.Empty.Revision));
            var revision = newest.Revision;
            string? broken = null;
            foreach (var row in of)
            {
                var why = row.Why;
                if (row.Number > newest.SequenceNumber)
                {
                    if (row.First != revision + 1) why ??= $"it does not follow on revision {revision}";
                    revision = row.Last;
                    broken ??= why is null ? null : $"the row {row.Number} before it is damaged";
                    why ??= broken;
                }
                if (why is not null) Move(connection, place, "journal", "message", row, why);
            }
        }
        foreach (var of in ActorRows.Read(connection, "journal").ToList().GroupBy(r => r.Id)) JournalOf(connection, place, of.Key, [.. of]);
    }

    private void JournalOf(DbConnection connection, string place, string id, ActorRows.Row[] rows)
    {
        var newest = _checkpoints.GetValueOrDefault(id).SequenceNumber;
        var first = rows.FirstOrDefault(r => r.Number > newest).Number;
        var broken = _lost.Contains(id) && first > newest + 1 ? "the snapshot before it is damaged" : null;
        foreach (var row in rows)
        {
            var why = row.Why ?? (row.Number > newest ? broken : null);
            if (why is null) continue;
            if (row.Number > newest) broken ??= $"the row {row.Number} before it is damaged";
            // A journal must not end before its snapshot does: the number of its last row stays.
            Move(connection, place, "journal", "message", new(id, row.Number, why), why, keepsNumber: row.Number == newest);
        }
    }

    private List<Row> Read(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
        {
            var (id, number) = (reader.GetString(0), reader.GetInt64(1));
            try
            {
                var record = RecordFormats.Read(reader.GetFieldValue<byte[]>(2), reader.GetString(3), key);
                record.Place.Require(id, number);
                rows.Add(record switch
                {
                    CommitRecord commit => new(id, number, null, commit.FirstRevision, commit.LastRevision),
                    CollectionRecord collection => new(id, number, null, collection.Checkpoint.Revision, collection.Checkpoint.Revision),
                    _ => new(id, number, null),
                });
            }
            catch (Exception damaged) when (damaged is FormatException or ArgumentException or OverflowException or InvalidCastException or InvalidOperationException)
            {
                rows.Add(new(id, number, damaged.Message));
            }
        }
        return rows;
    }

    private void Move(DbConnection connection, string place, string table, string column, Row row, string why, bool keepsNumber = false)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO damaged SELECT persistence_id, sequence_number, {column}, manifest, @why FROM {table} WHERE persistence_id = @id AND sequence_number = @number;
            {(keepsNumber ? $"UPDATE {table} SET deleted = TRUE" : $"DELETE FROM {table}")} WHERE persistence_id = @id AND sequence_number = @number
            """;
        foreach (var (name, value) in (ReadOnlySpan<(string, object)>)[("@id", row.Id), ("@number", row.Number), ("@why", why)])
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        command.ExecuteNonQuery();
        _rows.Add($"{place}: {row.Id}, row {row.Number}: {why}");
    }
}
