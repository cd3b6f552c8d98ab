using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Schemas;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Registry.Api;

/// <summary>Keeps <c>metadata.managedFields</c> on the way of a write.</summary>
internal static class OwnershipSteps
{
    private const string ManagedFields = "managedFields";

    /// <summary>Takes the entries out of a document: nothing that compares documents is to see them.</summary>
    public static JsonNode? Take(JsonObject document)
    {
        if (document["metadata"] is not JsonObject metadata || metadata[ManagedFields] is not { } entries) return null;
        metadata.Remove(ManagedFields);
        return entries;
    }

    public static void Put(JsonObject document, JsonNode? entries)
    {
        if (entries is not null) document["metadata"]![ManagedFields] = entries;
    }

    /// <summary>The entries of an object that is created, in UTF-8: the creator owns all that it has by now.</summary>
    /// <param name="given">What the creator says of others.</param>
    public static byte[]? OfCreate(ResourceType type, JsonObject document, JsonNode? given, WriteOptions options, DateTimeOffset now)
    {
        var managers = given is not null && FieldManagers.TryRead(given, out var read) ? Served(read, type) : FieldManagers.None;
        if (managers.IsEmpty)
        {
            var named = ReferenceEquals(type, type.Storage) ? document : type.FromStorage((JsonObject)document.DeepClone());
            return CreatedFields.Encode(
                named, Schema.Of(type), SystemFields.Of(type, options.Subresource), Writer(type, options), type.ApiVersion, CreateSteps.Timestamp(now));
        }
        FieldChanges ChangesIn(string version) => Changes(type, version, null, document).Except(SystemFields.Of(type, options.Subresource));
        return OwnershipUpdate.Apply(managers, ChangesIn, Writer(type, options), type.ApiVersion, CreateSteps.Timestamp(now)).Encode();
    }

    /// <summary>
    /// The entries of an object that is replaced. Those that the writer gives hold in place of the live ones, unless they cannot be read or it writes to
    /// a subresource. Where there are none, ownership is not recorded until someone applies.
    /// </summary>
    /// <param name="live">The object's.</param>
    /// <returns><paramref name="live"/> itself where nobody has taken or lost anything.</returns>
    public static JsonNode? OfUpdate(
        ResourceType type, JsonObject document, JsonObject old, JsonNode? live, JsonNode? given, WriteOptions options, DateTimeOffset now)
    {
        if (options.Subresource.Length > 0) given = null;
        if (IsReset(given)) return null;
        var takes = given is not null && FieldManagers.TryRead(given, out var managers) && !managers.IsEmpty;
        if (!takes && live is null) return null;
        var changes = Changes(type, type.ApiVersion, old, document);
        if (!takes && !changes.Any) return live;
        FieldChanges ChangesIn(string version) => version == type.ApiVersion ? changes : Changes(type, version, old, document);
        if (!FieldManagers.TryRead(takes ? given : live, out managers) || managers.IsEmpty) return null;
        return OwnershipUpdate.Apply(Served(managers, type), ChangesIn, Writer(type, options), type.ApiVersion, CreateSteps.Timestamp(now)).ToJson();
    }

    /// <summary>What an apply makes of an object, or of nothing where <paramref name="live"/> is empty. Throws 409 where others own what it would change.</summary>
    public static ApplyOutcome Apply(
        ResourceType type, JsonObject live, JsonNode? entries, AppliedConfiguration applied, bool force, WriteOptions options, DateTimeOffset now)
    {
        var managers = FieldManagers.TryRead(entries, out var read) ? Served(read, type) : FieldManagers.None;
        return OwnershipApply.Apply(
            live, applied, managers, (version, before, after) => version == type.ApiVersion
                ? FieldChanges.Between(before, after, Schema.Of(type))
                : Changes(type, version, before.Count == 0 ? null : type.ToStorage((JsonObject)before.DeepClone()), type.ToStorage((JsonObject)after.DeepClone())),
            ManagerKey.Applier(options.FieldManager, options.Subresource), type.ApiVersion, Schema.Of(type),
            SystemFields.Of(type, options.Subresource), force, CreateSteps.Timestamp(now), merged => Complete(type, merged));
    }

    private static JsonObject Complete(ResourceType type, JsonObject document)
    {
        var stored = type.ToStorage((JsonObject)document.DeepClone());
        type.Rules.Default(stored);
        return type.FromStorage(stored);
    }

    /// <summary>Whether two lists of entries say the same of who owns what. When somebody took it is by itself no reason to write an object.</summary>
    public static bool SayTheSame(JsonNode? entries, JsonNode? live) =>
        ReferenceEquals(entries, live) || (entries is not null && live is not null
            && FieldManagers.TryRead(entries, out var after) && FieldManagers.TryRead(live, out var before) && after.OwnsTheSame(before));

    private static bool IsReset(JsonNode? given) =>
        given is JsonArray { Count: 0 } || (given is JsonArray { Count: 1 } list && list[0] is JsonObject { Count: 0 });

    // What was written in a version that is not served tells nothing of the fields of today.
    private static FieldManagers Served(FieldManagers managers, ResourceType type) =>
        managers.Entries.All(e => Version(type, e.ApiVersion) is not null) ? managers : FieldManagers.Of(managers.Entries.Where(e => Version(type, e.ApiVersion) is not null));

    private static ResourceType? Version(ResourceType type, string apiVersion) =>
        type.ApiVersion == apiVersion ? type : type.Storage.Versions.FirstOrDefault(v => v.ApiVersion == apiVersion);

    /// <summary>How two documents as they are stored differ in a version that is served, whose names the fields then have.</summary>
    private static FieldChanges Changes(ResourceType type, string apiVersion, JsonObject? old, JsonObject document)
    {
        var version = Version(type, apiVersion) ?? type;
        if (ReferenceEquals(version, type.Storage)) return FieldChanges.Between(old ?? [], document, Schema.Of(version));
        return FieldChanges.Between(
            old is null ? [] : version.FromStorage((JsonObject)old.DeepClone()), version.FromStorage((JsonObject)document.DeepClone()), Schema.Of(version));
    }

    private static ManagerKey Writer(ResourceType type, WriteOptions options) =>
        ManagerKey.Updater(options.FieldManager, type.ApiVersion, options.Subresource);
}
