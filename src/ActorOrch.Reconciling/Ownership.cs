using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Reconciling;

/// <summary>Controller references: how a controller marks what is its own, adopts what has no controller, and releases.</summary>
public static class Ownership
{
    /// <summary>The ownerReference of a controller.</summary>
    public static JsonObject ControllerReference(StoredObject owner) => new()
    {
        ["apiVersion"] = owner.Meta.ApiVersion,
        ["kind"] = owner.Meta.Kind,
        ["name"] = owner.Key.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>Objects of a type whose controller is <paramref name="owner"/>.</summary>
    public static List<StoredObject> ControlledBy(ICollection collection, StoredObject owner)
    {
        var controlled = new List<StoredObject>();
        foreach (var obj in collection.Lookup(Indexes.OwnerUid, owner.Uid))
            if (obj.Key.Namespace == owner.Key.Namespace && obj.Meta.ControllerOwner?.Uid == owner.Uid) controlled.Add(obj);
        return controlled;
    }

    /// <summary>Objects of a namespace that no controller has and that are not going away. Pods and ReplicaSets only.</summary>
    public static List<StoredObject> Orphans(ICollection collection, string @namespace)
    {
        var orphans = new List<StoredObject>();
        foreach (var obj in collection.Lookup(Indexes.Uncontrolled, @namespace))
            if (obj.Meta.DeletionTimestamp is null) orphans.Add(obj);
        return orphans;
    }

    /// <summary>Adds the controller reference, unless the object has been replaced or has found another controller. Null where it no longer exists.</summary>
    public static Task<StoredObject?> AdoptAsync(IObjectApi api, StoredObject owner, StoredObject orphan, CancellationToken cancel) =>
        api.ModifyAsync(orphan, document =>
        {
            var metadata = document["metadata"]!.AsObject();
            if (metadata["uid"]?.GetValue<string>() != orphan.Uid || metadata["deletionTimestamp"] is not null) return false;
            if (metadata["ownerReferences"] is not JsonArray owners) metadata["ownerReferences"] = owners = [];
            if (owners.Any(o => o?["controller"]?.GetValue<bool>() == true)) return false;
            owners.Add(ControllerReference(owner));
            return true;
        }, WriteOptions.Default, cancel);

    /// <summary>Removes the ownerReferences to any of these uids. Null where the object no longer exists.</summary>
    public static Task<StoredObject?> ReleaseAsync(IObjectApi api, StoredObject obj, IReadOnlySet<string> ownerUids, CancellationToken cancel) =>
        api.ModifyAsync(obj, document =>
        {
            var metadata = document["metadata"]!.AsObject();
            if (metadata["uid"]?.GetValue<string>() != obj.Uid || metadata["ownerReferences"] is not JsonArray owners) return false;
            var kept = owners.Where(o => !ownerUids.Contains(o?["uid"]?.GetValue<string>() ?? "")).ToArray();
            if (kept.Length == owners.Count) return false;
            owners.Clear();
            foreach (var owner in kept) owners.Add(owner);
            if (owners.Count == 0) metadata.Remove("ownerReferences");
            return true;
        }, WriteOptions.Default, cancel);

    /// <summary>Lets the owner be removed before the object: its reference no longer says <c>blockOwnerDeletion</c>. Null where the object no longer exists.</summary>
    public static Task<StoredObject?> UnblockAsync(IObjectApi api, StoredObject obj, string ownerUid, CancellationToken cancel) =>
        api.ModifyAsync(obj, document =>
        {
            var metadata = document["metadata"]!.AsObject();
            if (metadata["uid"]?.GetValue<string>() != obj.Uid || metadata["ownerReferences"] is not JsonArray owners) return false;
            var changed = false;
            foreach (var owner in owners.OfType<JsonObject>())
            {
                if (owner["uid"]?.GetValue<string>() != ownerUid || owner["blockOwnerDeletion"]?.GetValue<bool>() != true) continue;
                owner["blockOwnerDeletion"] = false;
                changed = true;
            }
            return changed;
        }, WriteOptions.Default, cancel);
}
