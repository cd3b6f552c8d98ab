using ActorOrch.Registry.Persistence.Records;
using Akka.Actor;
using Akka.Persistence;
using Akka.Serialization;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>One event as a row of the journal's table; the columns mean what Akka.Persistence.Sql means by them.</summary>
/// <param name="Created">Ticks of UTC.</param>
/// <param name="Manifest">Of the message, for its serializer.</param>
/// <param name="Writer">Of the journal in this process: replay tells the events of two owners apart by it.</param>
internal readonly record struct JournalRow(
    long Created, string PersistenceId, long SequenceNumber, byte[] Message, string Manifest, int Serializer, string Writer)
{
    /// <summary>The columns that <see cref="Read"/> wants, in its order.</summary>
    public const string Columns = "created, persistence_id, sequence_number, message, manifest, identifier, writer_uuid";

    /// <param name="now">Ticks of UTC; kept where the event brings no time of its own.</param>
    public static JournalRow Of(IPersistentRepresentation represented, Serialization serialization, long now, string writer)
    {
        var serializer = serialization.FindSerializerFor(represented.Payload);
        return new(
            represented.Timestamp == 0 ? now : represented.Timestamp, represented.PersistenceId, represented.SequenceNr,
            serializer.ToBinary(represented.Payload), Serialization.ManifestFor(serializer, represented.Payload), serializer.Identifier, writer);
    }

    public static JournalRow Read(SqliteDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3),
        reader.IsDBNull(4) ? "" : reader.GetString(4), reader.GetInt32(5), reader.IsDBNull(6) ? "" : reader.GetString(6));

    /// <summary>Throws <see cref="DamagedRecordException"/>.</summary>
    /// <param name="file">That it was read from.</param>
    public Persistent ToPersistent(Serialization serialization, string file) => new(
        DamagedRows.Read(file, PersistenceId, SequenceNumber, serialization, Message, Serializer, Manifest), SequenceNumber, PersistenceId, Manifest,
        isDeleted: false, ActorRefs.NoSender, Writer, Created);
}
