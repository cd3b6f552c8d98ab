using ActorOrch.Registry.Collections;

namespace ActorOrch.Registry.Persistence.Records;

/// <summary>
/// A row of any actor but a collection: an event or a snapshot as its own serializer writes it, in the envelope that says where it belongs.
/// One that is read and is not as it was written holds the <see cref="DamagedRecordException"/>: who reads it knows best which row it was.
/// </summary>
internal sealed record ActorRecord(RecordPlace Place, object Content) : IPlacedRecord, IRegistryFormat;

/// <summary>An <see cref="ActorRecord"/> as bytes, before it is known what they mean.</summary>
/// <param name="Serializer">Of the content, by its number.</param>
/// <param name="Manifest">Of the content, for its serializer.</param>
internal readonly record struct PackedRecord(int Serializer, string Manifest, byte[] Content)
{
    /// <summary>The number of the serializer, its manifest, and the rest is the content.</summary>
    public byte[] Write(RecordPlace place) => RecordEnvelope.Write(place, null, 16 + 3 * Manifest.Length + Content.Length, this, static (writer, packed) =>
    {
        writer.Number(packed.Serializer);
        writer.Text(packed.Manifest);
        packed.Content.CopyTo(writer.Take(packed.Content.Length));
    });

    /// <summary>Throws <see cref="DamagedRecordException"/> where it is not as it was written.</summary>
    public static PackedRecord Read(byte[] bytes, out RecordPlace place)
    {
        var reader = new WireReader(RecordEnvelope.Open(bytes, static () => null, out place));
        return new(reader.Count(), reader.Text(), reader.Rest.ToArray());
    }
}
