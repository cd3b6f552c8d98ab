using System.Runtime.Serialization;
using ActorOrch.Registry.Persistence.Records;
using Akka.Serialization;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>Reads what rows hold, and names the one that cannot be read.</summary>
internal static class DamagedRows
{
    /// <summary>Throws <see cref="DamagedRecordException"/> naming file and row.</summary>
    public static object Read(string file, string persistenceId, long sequenceNumber, Serialization serialization, byte[] bytes, int serializer, string manifest)
    {
        try
        {
            var record = serialization.Deserialize(bytes, serializer, manifest);
            if (record is ActorRecord { Content: DamagedRecordException damage }) throw damage;
            if (record is IPlacedRecord placed) placed.Place.Require(persistenceId, sequenceNumber);
            return record;
        }
        catch (Exception unreadable) when (unreadable is FormatException or SerializationException or ArgumentException or OverflowException or IOException or IndexOutOfRangeException)
        {
            throw new DamagedRecordException($"{Path.GetFileName(file)} is damaged: {persistenceId}, row {sequenceNumber}: {unreadable.Message}", unreadable);
        }
    }
}
