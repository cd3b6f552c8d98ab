using System.Text.Json;
using ActorOrch.Resources;

namespace ActorOrch.Registry;

/// <summary>The values that an object is indexed by, read from its bytes in one pass and without keeping anything else of them.</summary>
internal readonly record struct IndexedValues(IReadOnlyList<string> OwnerUids, string? NodeName, string? InvolvedObject)
{
    public static IndexedValues Of(StoredObject obj)
    {
        var isPod = obj.Type is { Group: "", Plural: "pods" };
        var isEvent = obj.Type is { Plural: "events" };
        var isOwned = obj.Json.AsSpan().IndexOf("\"ownerReferences\""u8) >= 0;
        if (!isPod && !isEvent && !isOwned) return new([], null, null);

        List<string>? owners = null;
        string? nodeName = isPod ? "" : null;
        string? involved = null;
        var reader = new Utf8JsonReader(obj.Json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isOwned && reader.ValueTextEquals("metadata"u8)) owners = ReadOwners(ref reader);
            else if (isPod && reader.ValueTextEquals("spec"u8)) nodeName = ReadText(ref reader, "nodeName"u8) ?? "";
            else if (isEvent && (reader.ValueTextEquals("involvedObject"u8) || reader.ValueTextEquals("regarding"u8))) involved = ReadText(ref reader, "uid"u8);
            else reader.Skip();
        }
        return new(owners ?? (IReadOnlyList<string>)[], nodeName, involved);
    }

    private static List<string>? ReadOwners(ref Utf8JsonReader reader)
    {
        List<string>? owners = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("ownerReferences"u8))
            {
                reader.Skip();
                continue;
            }
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) continue;
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                if (ReadTextOfObject(ref reader, "uid"u8) is { Length: > 0 } uid) (owners ??= []).Add(uid);
        }
        return owners;
    }

    /// <summary>At a property name: the text of a field of the object that follows. Leaves the reader at the object's end.</summary>
    private static string? ReadText(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.StartObject ? ReadTextOfObject(ref reader, name) : null;
    }

    private static string? ReadTextOfObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        string? text = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals(name))
            {
                reader.Skip();
                continue;
            }
            reader.Read();
            if (reader.TokenType == JsonTokenType.String) text = reader.GetString();
            else reader.Skip();
        }
        return text;
    }
}
