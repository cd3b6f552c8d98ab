using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections;

/// <summary>The values that an object is indexed by, read from its bytes in one pass and without keeping anything else of them.</summary>
/// <param name="IsUncontrolled">It is of a kind that controllers adopt, and has none.</param>
internal readonly record struct IndexedValues(IReadOnlyList<string> OwnerUids, string? NodeName, string? InvolvedObject, bool IsUncontrolled)
{
    public static IndexedValues Of(StoredObject obj)
    {
        var isPod = obj.Resource is { Group: "", Plural: "pods" };
        var isEvent = obj.Resource is { Group: "", Plural: "events" };
        var isOwned = obj.Json.AsSpan().IndexOf("\"ownerReferences\""u8) >= 0;
        var isAdopted = isPod || obj.Resource is { Group: "apps", Plural: "replicasets" };
        if (!isPod && !isEvent && !isOwned) return new([], null, null, isAdopted);

        Owners owners = default;
        string? nodeName = isPod ? "" : null;
        string? involved = null;
        // What comes behind the last field that is wanted, mostly a long status, is not read.
        var wanted = (isOwned ? 1 : 0) + (isPod ? 1 : 0) + (isEvent ? 1 : 0);
        var reader = new Utf8JsonReader(obj.Json);
        reader.Read();
        while (wanted > 0 && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            wanted--;
            if (isOwned && reader.ValueTextEquals("metadata"u8)) owners = ReadOwners(ref reader);
            else if (isPod && reader.ValueTextEquals("spec"u8)) nodeName = ReadText(ref reader, "nodeName"u8) ?? "";
            else if (isEvent && reader.ValueTextEquals("involvedObject"u8)) involved = ReadText(ref reader, "uid"u8);
            else
            {
                wanted++;
                reader.Skip();
            }
        }
        return new(owners.Uids ?? (IReadOnlyList<string>)[], nodeName, involved, isAdopted && !owners.HaveController);
    }

    public bool SameAs(IndexedValues other) =>
        NodeName == other.NodeName && InvolvedObject == other.InvolvedObject && IsUncontrolled == other.IsUncontrolled && OwnerUids.SequenceEqual(other.OwnerUids);

    private struct Owners
    {
        public List<string>? Uids;
        public bool HaveController;
    }

    private static Owners ReadOwners(ref Utf8JsonReader reader)
    {
        var owners = new Owners();
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return owners;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("ownerReferences"u8))
            {
                reader.Skip();
                continue;
            }
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) continue;
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadOwner(ref reader, ref owners);
        }
        return owners;
    }

    private static void ReadOwner(ref Utf8JsonReader reader, ref Owners owners)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isUid, isController) = (reader.ValueTextEquals("uid"u8), reader.ValueTextEquals("controller"u8));
            reader.Read();
            if (isUid && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } uid) (owners.Uids ??= []).Add(uid);
            else if (isController && reader.TokenType == JsonTokenType.True) owners.HaveController = true;
            else reader.Skip();
        }
    }

    /// <summary>At a property name: the text of a field of the object that follows. Leaves the reader at the object's end.</summary>
    private static string? ReadText(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        string? text = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(name);
            reader.Read();
            if (isWanted && reader.TokenType == JsonTokenType.String) text = reader.GetString();
            else reader.Skip();
        }
        return text;
    }
}
