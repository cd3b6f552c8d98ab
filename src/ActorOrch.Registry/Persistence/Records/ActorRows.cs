using System.Data.Common;
using Npgsql;

namespace ActorOrch.Registry.Persistence.Records;

/// <summary>The rows of all actors but collections in a database, with what is wrong with each. Their content is not looked at.</summary>
internal static class ActorRows
{
    /// <summary>One row.</summary>
    /// <param name="Why">What is wrong with it; null of a sound one, and of those of the versions before, which have no checksum.</param>
    public readonly record struct Row(string Id, long Number, string? Why);

    /// <summary>In the order of ids and numbers.</summary>
    /// <param name="table"><c>journal</c> or <c>snapshot</c>.</param>
    public static IEnumerable<Row> Read(DbConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        var (content, serializer, live) = table == "journal" ? ("message", "identifier", "AND NOT deleted") : ("snapshot", "serializer_id", "");
        // As SQLite compares, whatever language the database is set up for.
        var id = connection is NpgsqlConnection ? "persistence_id COLLATE \"C\"" : "persistence_id";
        // Ranges of ids, so that the rows of collections, which are most of the file, are not read.
        command.CommandText = $"""
            SELECT persistence_id, sequence_number, {content}, manifest, {serializer} FROM {table} WHERE {id} < 'collection' {live}
            UNION ALL
            SELECT persistence_id, sequence_number, {content}, manifest, {serializer} FROM {table} WHERE {id} >= 'collectioo' {live}
            ORDER BY persistence_id, sequence_number
            """;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var place = new RecordPlace(reader.GetString(0), reader.GetInt64(1));
            yield return new(place.PersistenceId, place.SequenceNumber, WhyDamaged(
                place, reader.IsDBNull(2) ? [] : reader.GetFieldValue<byte[]>(2), reader.IsDBNull(3) ? "" : reader.GetString(3), reader.IsDBNull(4) ? 0 : reader.GetInt32(4)));
        }
    }

    private static string? WhyDamaged(RecordPlace place, byte[] bytes, string manifest, int serializer)
    {
        var said = serializer == RegistrySerializer.Id && manifest == RecordFormats.OfActor;
        if (!said && !RecordEnvelope.MayBe(bytes)) return null;
        try
        {
            PackedRecord.Read(bytes, out var found);
            found.Require(place.PersistenceId, place.SequenceNumber);
            return said ? null : $"its manifest \"{manifest}\" or the number {serializer} of its serializer is not what was written";
        }
        catch (FormatException damage)
        {
            return said ? damage.Message : null;
        }
    }
}
