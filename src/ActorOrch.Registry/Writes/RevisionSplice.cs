using System.Globalization;
using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Writes;

/// <summary>Puts another revision into the bytes of an object that has one already.</summary>
internal static class RevisionSplice
{
    /// <summary>A copy of <paramref name="json"/> whose <c>metadata.resourceVersion</c> is <paramref name="revision"/>.</summary>
    public static byte[] At(byte[] json, long revision)
    {
        var (start, length) = Find(json);
        Span<byte> digits = stackalloc byte[20];
        revision.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
        var copy = new byte[json.Length - length + count];
        json.AsSpan(0, start).CopyTo(copy);
        digits[..count].CopyTo(copy.AsSpan(start));
        json.AsSpan(start + length).CopyTo(copy.AsSpan(start + count));
        return copy;
    }

    /// <summary>Whether <paramref name="stored"/> is what the draft would be at the same revision.</summary>
    public static bool IsSame(ObjectDraft draft, StoredObject stored)
    {
        var json = stored.Json.AsSpan();
        var digits = json.Length - draft.Json.Length;
        var offset = draft.RevisionOffset;
        return digits is > 0 and <= 20
            && json[..offset].SequenceEqual(draft.Json.AsSpan(0, offset))
            && json[(offset + digits)..].SequenceEqual(draft.Json.AsSpan(offset));
    }

    private static (int Start, int Length) Find(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.CurrentDepth == 1 && !reader.ValueTextEquals("metadata"u8))
            {
                reader.Skip();
            }
            else if (reader.CurrentDepth == 2)
            {
                if (!reader.ValueTextEquals("resourceVersion"u8))
                {
                    reader.Skip();
                    continue;
                }
                reader.Read();
                return ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            }
        }
        throw new JsonException("the object has no metadata.resourceVersion");
    }
}
