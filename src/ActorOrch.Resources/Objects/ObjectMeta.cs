using System.Text.Json;

namespace ActorOrch.Resources.Objects;

/// <summary>One entry of <c>metadata.ownerReferences</c>.</summary>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool Controller, bool BlockOwnerDeletion);

/// <summary>What an object says of its kind, and the part of <c>metadata</c> that the system itself acts on, read in one pass over the bytes.</summary>
public sealed class ObjectMeta
{
    private static readonly IReadOnlyDictionary<string, string> NoStrings = new Dictionary<string, string>();

    /// <summary>In the version that the object is stored in.</summary>
    public string ApiVersion { get; private set; } = "";

    public string Kind { get; private set; } = "";
    public string Name { get; private set; } = "";
    public string Namespace { get; private set; } = "";
    public string Uid { get; private set; } = "";
    public string? GenerateName { get; private set; }
    public long Generation { get; private set; }
    public long Revision { get; private set; }
    public DateTimeOffset CreationTimestamp { get; private set; }
    public DateTimeOffset? DeletionTimestamp { get; private set; }
    public long? DeletionGracePeriodSeconds { get; private set; }
    public IReadOnlyDictionary<string, string> Labels { get; private set; } = NoStrings;
    public IReadOnlyDictionary<string, string> Annotations { get; private set; } = NoStrings;
    public IReadOnlyList<OwnerReference> OwnerReferences { get; private set; } = [];
    public IReadOnlyList<string> Finalizers { get; private set; } = [];

    /// <summary>The owner whose <c>controller</c> is true, if any.</summary>
    public OwnerReference? ControllerOwner => OwnerReferences.FirstOrDefault(o => o.Controller);

    /// <summary>Reads the metadata of an encoded object. Throws <see cref="JsonException"/> when it has none.</summary>
    public static ObjectMeta Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        string apiVersion = "", kind = "";
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                reader.Read();
                var meta = Read(ref reader);
                (meta.ApiVersion, meta.Kind) = (apiVersion, kind);
                return meta;
            }
            if (reader.ValueTextEquals("apiVersion"u8)) apiVersion = Text(ref reader) ?? "";
            else if (reader.ValueTextEquals("kind"u8)) kind = Text(ref reader) ?? "";
            else reader.Skip();
        }
        throw new JsonException("the object has no metadata");
    }

    /// <summary>At the value of <c>metadata</c>. What is null or of another type counts as missing.</summary>
    private static ObjectMeta Read(ref Utf8JsonReader reader)
    {
        var meta = new ObjectMeta();
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("metadata is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) meta.ReadField(ref reader);
        return meta;
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("name"u8)) Name = Text(ref reader) ?? "";
        else if (reader.ValueTextEquals("namespace"u8)) Namespace = Text(ref reader) ?? "";
        else if (reader.ValueTextEquals("uid"u8)) Uid = Text(ref reader) ?? "";
        else if (reader.ValueTextEquals("generateName"u8)) GenerateName = Text(ref reader);
        else if (reader.ValueTextEquals("generation"u8)) Generation = Number(ref reader) ?? 0;
        else if (reader.ValueTextEquals("resourceVersion"u8)) Revision = long.TryParse(Text(ref reader), out var revision) ? revision : 0;
        else if (reader.ValueTextEquals("creationTimestamp"u8)) CreationTimestamp = Time(ref reader) ?? default;
        else if (reader.ValueTextEquals("deletionTimestamp"u8)) DeletionTimestamp = Time(ref reader);
        else if (reader.ValueTextEquals("deletionGracePeriodSeconds"u8)) DeletionGracePeriodSeconds = Number(ref reader);
        else if (reader.ValueTextEquals("labels"u8)) Labels = Strings(ref reader);
        else if (reader.ValueTextEquals("annotations"u8)) Annotations = Strings(ref reader);
        else if (reader.ValueTextEquals("ownerReferences"u8)) OwnerReferences = Owners(ref reader);
        else if (reader.ValueTextEquals("finalizers"u8)) Finalizers = Texts(ref reader);
        else reader.Skip();
    }

    // Each of these is called at a property's name and leaves the reader at the end of its value.

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    private static long? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return reader.GetInt64();
        reader.Skip();
        return null;
    }

    private static bool Flag(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return false;
    }

    private static DateTimeOffset? Time(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetDateTimeOffset();
        reader.Skip();
        return null;
    }

    private static IReadOnlyDictionary<string, string> Strings(ref Utf8JsonReader reader)
    {
        if (!Enters(ref reader, JsonTokenType.StartObject)) return NoStrings;
        var strings = new Dictionary<string, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            strings[name] = Text(ref reader) ?? "";
        }
        return strings.Count == 0 ? NoStrings : strings;
    }

    private static string[] Texts(ref Utf8JsonReader reader)
    {
        if (!Enters(ref reader, JsonTokenType.StartArray)) return [];
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String) texts.Add(reader.GetString()!);
            else reader.Skip();
        }
        return [.. texts];
    }

    private static OwnerReference[] Owners(ref Utf8JsonReader reader)
    {
        if (!Enters(ref reader, JsonTokenType.StartArray)) return [];
        var owners = new List<OwnerReference>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) owners.Add(Owner(ref reader));
            else reader.Skip();
        }
        return [.. owners];
    }

    private static OwnerReference Owner(ref Utf8JsonReader reader)
    {
        string apiVersion = "", kind = "", name = "", uid = "";
        bool controller = false, blocks = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("apiVersion"u8)) apiVersion = Text(ref reader) ?? "";
            else if (reader.ValueTextEquals("kind"u8)) kind = Text(ref reader) ?? "";
            else if (reader.ValueTextEquals("name"u8)) name = Text(ref reader) ?? "";
            else if (reader.ValueTextEquals("uid"u8)) uid = Text(ref reader) ?? "";
            else if (reader.ValueTextEquals("controller"u8)) controller = Flag(ref reader);
            else if (reader.ValueTextEquals("blockOwnerDeletion"u8)) blocks = Flag(ref reader);
            else reader.Skip();
        }
        return new(apiVersion, kind, name, uid, controller, blocks);
    }

    private static bool Enters(ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        if (reader.TokenType == start) return true;
        reader.Skip();
        return false;
    }
}
