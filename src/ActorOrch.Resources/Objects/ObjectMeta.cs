using System.Text.Json;

namespace ActorOrch.Resources;

/// <summary>One entry of <c>metadata.ownerReferences</c>.</summary>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool Controller, bool BlockOwnerDeletion);

/// <summary>The part of <c>metadata</c> that the system itself acts on, read in one pass over the bytes.</summary>
public sealed class ObjectMeta
{
    private static readonly IReadOnlyDictionary<string, string> NoStrings = new Dictionary<string, string>();

    public string Name { get; private init; } = "";
    public string Namespace { get; private init; } = "";
    public string Uid { get; private init; } = "";
    public string? GenerateName { get; private init; }
    public long Generation { get; private init; }
    public long Revision { get; private init; }
    public DateTimeOffset CreationTimestamp { get; private init; }
    public DateTimeOffset? DeletionTimestamp { get; private init; }
    public long? DeletionGracePeriodSeconds { get; private init; }
    public IReadOnlyDictionary<string, string> Labels { get; private init; } = NoStrings;
    public IReadOnlyDictionary<string, string> Annotations { get; private init; } = NoStrings;
    public IReadOnlyList<OwnerReference> OwnerReferences { get; private init; } = [];
    public IReadOnlyList<string> Finalizers { get; private init; } = [];

    /// <summary>The owner whose <c>controller</c> is true, if any.</summary>
    public OwnerReference? ControllerOwner => OwnerReferences.FirstOrDefault(o => o.Controller);

    /// <summary>Reads the metadata of an encoded object. Throws <see cref="JsonException"/> when it has none.</summary>
    public static ObjectMeta Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isMetadata) return Read(JsonElement.ParseValue(ref reader));
            reader.Skip();
        }
        throw new JsonException("the object has no metadata");
    }

    private static ObjectMeta Read(JsonElement metadata) => new()
    {
        Name = Text(metadata, "name") ?? "",
        Namespace = Text(metadata, "namespace") ?? "",
        Uid = Text(metadata, "uid") ?? "",
        GenerateName = Text(metadata, "generateName"),
        Generation = metadata.TryGetProperty("generation", out var generation) ? generation.GetInt64() : 0,
        Revision = long.TryParse(Text(metadata, "resourceVersion"), out var revision) ? revision : 0,
        CreationTimestamp = Time(metadata, "creationTimestamp") ?? default,
        DeletionTimestamp = Time(metadata, "deletionTimestamp"),
        DeletionGracePeriodSeconds = metadata.TryGetProperty("deletionGracePeriodSeconds", out var grace) ? grace.GetInt64() : null,
        Labels = Strings(metadata, "labels"),
        Annotations = Strings(metadata, "annotations"),
        OwnerReferences = metadata.TryGetProperty("ownerReferences", out var owners) ? owners.EnumerateArray().Select(Owner).ToArray() : [],
        Finalizers = metadata.TryGetProperty("finalizers", out var finalizers) ? finalizers.EnumerateArray().Select(f => f.GetString()!).ToArray() : [],
    };

    private static OwnerReference Owner(JsonElement owner) => new(
        Text(owner, "apiVersion") ?? "", Text(owner, "kind") ?? "", Text(owner, "name") ?? "", Text(owner, "uid") ?? "",
        Flag(owner, "controller"), Flag(owner, "blockOwnerDeletion"));

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static DateTimeOffset? Time(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetDateTimeOffset() : null;

    private static IReadOnlyDictionary<string, string> Strings(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "")
            : NoStrings;
}
