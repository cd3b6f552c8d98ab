using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Forms;

/// <summary>Finds pieces of an encoded object without decoding it.</summary>
internal static class StoredJson
{
    /// <summary>The bytes of <c>metadata</c>, braces included.</summary>
    public static ReadOnlySpan<byte> Metadata(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found) return json[start..(int)reader.BytesConsumed];
        }
        throw new JsonException("the object has no metadata");
    }

    /// <summary>The object's bytes with another <c>metadata.resourceVersion</c>.</summary>
    public static byte[] AtRevision(StoredObject obj, long revision)
    {
        var json = obj.Json.AsSpan();
        var (start, length) = RevisionValue(json);
        var digits = System.Text.Encoding.ASCII.GetBytes(revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var result = new byte[json.Length - length + digits.Length];
        json[..start].CopyTo(result);
        digits.CopyTo(result.AsSpan(start));
        json[(start + length)..].CopyTo(result.AsSpan(start + digits.Length));
        return result;
    }

    private static (int Start, int Length) RevisionValue(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Only the names at depth 2 are metadata's own: an annotation may be called resourceVersion too.
            var inMetadata = reader.CurrentDepth == 1 && reader.ValueTextEquals("metadata"u8);
            var isRevision = reader.CurrentDepth == 2 && reader.ValueTextEquals("resourceVersion"u8);
            reader.Read();
            if (isRevision) return ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            if (!inMetadata) reader.Skip();
        }
        throw new JsonException("the object has no resourceVersion");
    }
}
