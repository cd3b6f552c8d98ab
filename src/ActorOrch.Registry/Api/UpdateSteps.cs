using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Registry.Api;

/// <summary>What happens to a document on its way to replacing an older version of itself.</summary>
internal static class UpdateSteps
{
    // Written by the system alone; a writer's values are ignored.
    private static readonly string[] SystemMetadata = ["uid", "creationTimestamp", "generation"];

    // Likewise once they are set; before that they are refused.
    private static readonly string[] DeletionMetadata = ["deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>The resourceVersion that the writer insists on, or null.</summary>
    public static string? RevisionOf(JsonNode document) =>
        Field.Root(document)["metadata"]["resourceVersion"].Text is { Length: > 0 } text and not "0" ? text : null;

    /// <summary>
    /// 409 where the writer insists on another version or another incarnation than the one that is there, 422 where the kind's writers
    /// have to name the version and this one does not.
    /// </summary>
    public static void CheckRevision(ResourceType type, StoredObject current, JsonObject document)
    {
        if (RevisionOf(document) is null && !type.Rules.AllowUnconditionalUpdate)
            // Upstream names the resource where it otherwise names the kind, and the number as Go prints it.
            throw ApiException.Invalid(
                type, current.Key.Name, [new("FieldValueInvalid", "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update")], type.Plural);
        if (RevisionOf(document) is { } revision && revision != current.Revision.ToString(CultureInfo.InvariantCulture))
            throw ApiException.Conflict(type, current.Key.Name);
        CheckUid(type, current.Key, current.Uid, document);
    }

    /// <summary>409 where the writer insists on another incarnation.</summary>
    /// <param name="uid">Of what is there; empty where nothing is.</param>
    public static void CheckUid(ResourceType type, ObjectKey key, string uid, JsonObject document)
    {
        var wanted = Field.Root(document)["metadata"]["uid"].Text;
        if (wanted.Length > 0 && wanted != uid)
            throw ApiException.Conflict(type, key.Name, $"Precondition failed: UID in precondition: {wanted}, UID in object meta: {uid}");
    }

    /// <summary>409 where the metadata of what is posted to an object insists on another incarnation or version of it.</summary>
    public static void CheckPreconditions(ResourceType type, StoredObject current, JsonObject posted)
    {
        CheckUid(type, current.Key, current.Uid, posted);
        var (wanted, revision) = (Field.Root(posted)["metadata"]["resourceVersion"].Text, current.Revision.ToString(CultureInfo.InvariantCulture));
        if (wanted.Length > 0 && wanted != revision)
            throw ApiException.Conflict(type, current.Key.Name,
                $"Precondition failed: ResourceVersion in precondition: {wanted}, ResourceVersion in object meta: {revision}");
    }

    /// <summary>Brings a document into the form in which it may take the place of the old one: the part that is written is the writer's, the rest is as it was.</summary>
    public static void Prepare(ResourceType type, ObjectPart part, JsonObject document, JsonObject old)
    {
        document["apiVersion"] = type.Storage.ApiVersion;
        document["kind"] = type.Storage.Kind;
        if (document["metadata"] is not JsonObject metadata) document["metadata"] = metadata = [];
        var oldMetadata = old["metadata"]!.AsObject();
        metadata["name"] ??= oldMetadata["name"]!.DeepClone();
        if (type.Namespaced) metadata["namespace"] ??= oldMetadata["namespace"]!.DeepClone();
        foreach (var name in SystemMetadata) Copy(oldMetadata, metadata, name);
        foreach (var name in DeletionMetadata)
            if (oldMetadata[name] is not null) Copy(oldMetadata, metadata, name);
        metadata["resourceVersion"] = oldMetadata["resourceVersion"]!.DeepClone();
        metadata.Remove("selfLink");
        part.Prepare(type.Rules, document, old);
        type.Rules.Default(document);
    }

    /// <summary>Takes what admission has made of a prepared document: decoded, defaulted, and with no more of it changed than a writer may.</summary>
    public static JsonObject TakeOver(ResourceType type, ObjectPart part, AdmissionRequest admitted, JsonObject old)
    {
        AdmissionChain.DecodeAgain(admitted, Schema.Of(type.Storage));
        var document = admitted.Object!;
        OwnershipSteps.Take(document);
        Prepare(type, part, document, old);
        return document;
    }

    public static void Validate(ResourceType type, ObjectPart part, JsonObject document, JsonObject old)
    {
        var errors = new FieldErrors();
        var root = Field.Root(document);
        var before = Field.Root(old);
        ObjectMetaValidation.Validate(type, root, errors);
        ObjectMetaValidation.ValidateUpdate(root, before, errors);
        part.Validate(type.Rules, root, before, errors);
        if (errors.Any) throw ApiException.Invalid(type, root["metadata"]["name"].Text, errors.All);
    }

    public static bool Same(JsonObject document, JsonObject old) => JsonNode.DeepEquals(document, old);

    public static void RaiseGeneration(ResourceType type, ObjectPart part, JsonObject document, JsonObject old)
    {
        if (!part.RaisesGeneration || !type.Rules.HasGeneration || !type.Rules.ChangesGeneration(document, old)) return;
        document["metadata"]!["generation"] = (Field.Root(old)["metadata"]["generation"].Integer ?? 0) + 1;
    }

    private static void Copy(JsonObject from, JsonObject to, string name)
    {
        if (from[name] is { } value) to[name] = value.DeepClone();
        else to.Remove(name);
    }
}
