using System.Text.Json.Nodes;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Garbage;

/// <summary>Carries out what the garbage collector decides about one object.</summary>
internal sealed class GarbageWork(IObjectApi api)
{
    private readonly Dependents _dependents = new(api.Registry);

    /// <summary>Looks at an object that is there: its owners, and its own deletion. Returns what was done, for the log, or null.</summary>
    public async Task<string?> ExamineAsync(StoredObject obj, CancellationToken cancel)
    {
        if (Finalizing.OrphansDependents(obj.Meta)) return await OrphanAsync(obj, cancel);
        if (Finalizing.WaitsForDependents(obj.Meta)) return await DeleteDependentsAsync(obj, cancel);
        if (obj.Meta.OwnerReferences.Count == 0) return null;
        var owners = new List<(OwnerReference, OwnerState)>();
        foreach (var owner in obj.Meta.OwnerReferences) owners.Add((owner, await _dependents.StateAsync(obj, owner, cancel)));
        switch (GarbageDecision.Decide(obj, owners, _dependents.Of(obj).Any()))
        {
            case GarbageDecision.Drop drop:
                await Ownership.ReleaseAsync(api, obj, drop.OwnerUids, cancel);
                return "dropped owners";
            case GarbageDecision.Delete delete:
                return await DeleteAsync(obj, delete, cancel);
            default:
                return null;
        }
    }

    /// <summary>
    /// The objects to look at after one is gone, of those whose collections this process owns: what belonged to it, and owners that waited for it and
    /// for nothing else. An object that this process has not seen yet is none of its own; its owner's process looks at it when it comes.
    /// </summary>
    public IEnumerable<StoredObject> AfterRemoval(StoredObject removed)
    {
        foreach (var dependent in _dependents.Of(removed))
            if (IsOwn(dependent)) yield return dependent;
        foreach (var owner in Unblocked(removed, after: null)) yield return owner;
    }

    /// <summary>The owners, of those whose collections this process owns, that waited for an object and now wait for nothing any more.</summary>
    /// <param name="after">The object as it is now; null where it is gone.</param>
    public IEnumerable<StoredObject> Unblocked(StoredObject before, StoredObject? after)
    {
        foreach (var reference in before.Meta.OwnerReferences)
        {
            if (!reference.BlockOwnerDeletion || after?.Meta.OwnerReferences.Any(o => o.Uid == reference.Uid && o.BlockOwnerDeletion) == true) continue;
            if (Find(before, reference) is { } owner && IsOwn(owner) && Finalizing.WaitsForDependents(owner.Meta)
                && !Finalizing.Blocking(owner, _dependents.Of(owner)).Any()) yield return owner;
        }
    }

    private bool IsOwn(StoredObject obj) => api.Registry[obj.Resource].IsOwner;

    private StoredObject? Find(StoredObject dependent, OwnerReference owner)
    {
        var type = api.Registry.Serving(owner.ApiVersion, owner.Kind);
        var found = type is null ? null : api.Registry[type].Latest.Get(new(type.Namespaced ? dependent.Key.Namespace : "", owner.Name));
        return found?.Uid == owner.Uid ? found : null;
    }

    private async Task<string?> DeleteAsync(StoredObject obj, GarbageDecision.Delete delete, CancellationToken cancel)
    {
        // A dependent that the owner waits for must not be removed before its own dependents.
        var propagation = delete.Foreground || obj.Meta.Finalizers.Contains(Finalizing.Foreground) ? Propagation.Foreground
            : obj.Meta.Finalizers.Contains(Finalizing.Orphan) ? Propagation.Orphan
            : Propagation.Background;
        try
        {
            if (api.Registry.TypeOf(obj) is not { } type) return null;
            await api.DeleteAsync(type, obj.Key, new() { PreconditionUid = obj.Uid, Propagation = propagation }, WriteOptions.Default, cancel);
            return $"deleted: {delete.Reason}";
        }
        catch (ApiException gone) when (gone.Code is 404 or 409)
        {
            // Gone already, or another incarnation took the name.
            return null;
        }
    }

    private async Task<string> DeleteDependentsAsync(StoredObject owner, CancellationToken cancel)
    {
        await _dependents.CatchUpAsync(cancel);
        var dependents = _dependents.Of(owner).ToList();
        var blocking = Finalizing.Blocking(owner, dependents).ToList();
        var circle = Finalizing.WaitingForIts(owner, Find);
        var unblocked = blocking.RemoveAll(d => circle.Contains(d.Uid));
        if (unblocked > 0) await Task.WhenAll(dependents.Where(d => circle.Contains(d.Uid)).Select(d => Ownership.UnblockAsync(api, d, owner.Uid, cancel)));
        if (blocking.Count > 0)
        {
            await Task.WhenAll(dependents.Where(d => d.Meta.DeletionTimestamp is null).Select(d => ExamineAsync(d, cancel)));
            return $"waits for {dependents.Count} dependents";
        }
        await RemoveFinalizerAsync(owner, Finalizing.Foreground, cancel);
        return unblocked > 0 ? "its owners and its dependents waited for each other" : "no dependent holds it any more";
    }

    private async Task<string> OrphanAsync(StoredObject owner, CancellationToken cancel)
    {
        await _dependents.CatchUpAsync(cancel);
        var uid = new HashSet<string> { owner.Uid };
        var dependents = _dependents.Of(owner).ToList();
        await Task.WhenAll(dependents.Select(d => Ownership.ReleaseAsync(api, d, uid, cancel)));
        await RemoveFinalizerAsync(owner, Finalizing.Orphan, cancel);
        return $"orphaned {dependents.Count} dependents";
    }

    private Task RemoveFinalizerAsync(StoredObject obj, string finalizer, CancellationToken cancel) =>
        api.ModifyAsync(obj, document =>
        {
            var metadata = document["metadata"]!.AsObject();
            if (metadata["uid"]?.GetValue<string>() != obj.Uid || metadata["finalizers"] is not JsonArray finalizers) return false;
            var kept = finalizers.Where(f => f?.GetValue<string>() != finalizer).ToArray();
            if (kept.Length == finalizers.Count) return false;
            finalizers.Clear();
            foreach (var name in kept) finalizers.Add(name);
            if (finalizers.Count == 0) metadata.Remove("finalizers");
            return true;
        }, WriteOptions.Default, cancel);
}
