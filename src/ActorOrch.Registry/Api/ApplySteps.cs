using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Registry.Api;

/// <summary>Server-side apply, onto what is there or onto nothing.</summary>
internal static class ApplySteps
{
    /// <param name="view">By way of which it is applied, where that is not the object itself.</param>
    public static Proposal Change(
        ResourceType type, ObjectKey key, StoredObject current, AppliedConfiguration applied, bool force, ObjectView? view, WriteOptions options, DateTimeOffset now)
    {
        var live = type.FromStorage(current.ToJson());
        var entries = OwnershipSteps.Take(live);
        var before = view?.Read(live);
        var outcome = OwnershipSteps.Apply(type, live, entries, applied, force, options, now);
        RequestedObject.CheckReplaces(key, outcome.Document);
        var seen = view is null ? null : new ViewChange(view, before!, view.Read(outcome.Document));
        return new(type.ToStorage(outcome.Document), outcome.Managers) { View = seen };
    }

    /// <summary>The document of an object that is created. Throws 404 where only a part of one is applied, 409 where it is to be a certain one.</summary>
    public static JsonObject NewDocument(ResourceType type, ObjectKey key, AppliedConfiguration applied, WriteOptions options)
    {
        if (options.Subresource.Length > 0) throw ApiException.NotFound(type, key.Name);
        UpdateSteps.CheckUid(type, key, uid: "", applied.Document);
        if (UpdateSteps.RevisionOf(applied.Document) is not null) throw ApiException.Conflict(type, key.Name);
        var document = (JsonObject)applied.Document.DeepClone();
        if (document["metadata"] is not JsonObject metadata) document["metadata"] = metadata = [];
        metadata["name"] ??= key.Name;
        RequestedObject.CheckReplaces(key, document);
        return type.ToStorage(document);
    }

    /// <summary>Who owns what of it: the applier what it gave, and nobody what was filled in.</summary>
    public static byte[]? OwnersOfNew(ResourceType type, AppliedConfiguration applied, WriteOptions options, DateTimeOffset now) =>
        OwnershipSteps.Apply(type, [], null, applied, force: false, options, now).Managers.Encode();
}
