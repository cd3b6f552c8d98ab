using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace ActorOrch.Registry.Persistence.Records;

/// <summary>
/// What is around a stored record. Form, place, and then either the record and a checksum of all before it (XxHash3, little-endian), or, where
/// it holds secrets, the key's id, a nonce, the record encrypted, and a tag that covers the form, the place and the key's id, too.
/// </summary>
internal static class RecordEnvelope
{
    private const byte Plain = 1, Encrypted = 2;
    private const int ChecksumBytes = 8;

    /// <summary>What an envelope takes besides the record, at most.</summary>
    public static int SizeOf(RecordPlace place) => 96 + 3 * place.PersistenceId.Length;

    /// <summary>False of most of what has no envelope, at once.</summary>
    public static bool MayBe(ReadOnlySpan<byte> bytes) => bytes is [Plain or Encrypted, ..];

    /// <param name="key">Null: the record is not encrypted.</param>
    public static byte[] Write<T>(RecordPlace place, SecretsKey? key, int capacity, T record, Action<WireWriter, T> body)
    {
        var writer = new WireWriter(capacity + SizeOf(place));
        writer.Byte(key is null ? Plain : Encrypted);
        writer.Text(place.PersistenceId);
        writer.Number(place.SequenceNumber);
        if (key is null)
        {
            body(writer, record);
            var checksum = XxHash3.HashToUInt64(writer.Written);
            BinaryPrimitives.WriteUInt64LittleEndian(writer.Take(ChecksumBytes), checksum);
            return writer.Finish();
        }
        writer.Text(key.Id);
        var nonce = writer.Length;
        RandomNumberGenerator.Fill(writer.Take(SecretsKey.NonceBytes));
        var start = writer.Length;
        body(writer, record);
        var end = writer.Length;
        writer.Take(SecretsKey.TagBytes);
        var all = writer.Written;
        using var cipher = key.Cipher();
        cipher.Encrypt(all[nonce..start], all[start..end], all[start..end], all[end..], all[..nonce]);
        return writer.Finish();
    }

    /// <summary>
    /// The record within, and where it belongs. Throws <see cref="DamagedRecordException"/> where anything is not as it was written, or where
    /// it is encrypted with another key than <paramref name="key"/>'s.
    /// </summary>
    public static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> bytes, Func<SecretsKey?> key, out RecordPlace place)
    {
        var reader = new WireReader(bytes);
        place = RecordPlace.Unknown;
        try
        {
            var form = reader.Byte();
            place = new(reader.Text(), reader.Number());
            if (form == Plain) return Checked(bytes, reader.Rest, place);
            if (form == Encrypted) return Decrypted(bytes, reader, key, place);
            throw new DamagedRecordException($"{place} is of the unknown form {form}");
        }
        catch (Exception unreadable) when (unreadable is not DamagedRecordException and (FormatException or OverflowException or ArgumentException))
        {
            throw new DamagedRecordException($"{place} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest, RecordPlace place)
    {
        if (rest.Length < ChecksumBytes || XxHash3.HashToUInt64(bytes[..^ChecksumBytes]) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[^ChecksumBytes..]))
            throw new DamagedRecordException($"{place} does not have the checksum that was written");
        return rest[..^ChecksumBytes];
    }

    private static byte[] Decrypted(ReadOnlySpan<byte> bytes, WireReader reader, Func<SecretsKey?> key, RecordPlace place)
    {
        var id = reader.Text();
        var rest = reader.Rest;
        if (rest.Length < SecretsKey.NonceBytes + SecretsKey.TagBytes) throw new DamagedRecordException($"{place} ends too soon");
        if (key() is not { } known || known.Id != id) throw new DamagedRecordException($"{place} is encrypted with the key {id}, which this process does not have");
        var record = new byte[rest.Length - SecretsKey.NonceBytes - SecretsKey.TagBytes];
        using var cipher = known.Cipher();
        try
        {
            cipher.Decrypt(rest[..SecretsKey.NonceBytes], rest[SecretsKey.NonceBytes..^SecretsKey.TagBytes], rest[^SecretsKey.TagBytes..], record, bytes[..^rest.Length]);
        }
        catch (AuthenticationTagMismatchException changed)
        {
            throw new DamagedRecordException($"{place} is not what was encrypted", changed);
        }
        return record;
    }
}
