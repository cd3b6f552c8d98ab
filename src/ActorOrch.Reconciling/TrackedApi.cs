using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Reconciling;

/// <summary>Marks the revision of every write, so that a reconciler never acts on a mirror that is older than its own writes.</summary>
internal sealed class TrackedApi(IObjectApi inner, RevisionMarks marks) : IObjectApi
{
    public IRegistry Registry => inner.Registry;

    public async Task<StoredObject> CreateAsync(ResourceType type, string @namespace, JsonObject obj, WriteOptions options, CancellationToken cancel) =>
        Mark(await inner.CreateAsync(type, @namespace, obj, options, cancel));

    public async Task<StoredObject> UpdateAsync(ResourceType type, ObjectKey key, JsonObject obj, WriteOptions options, CancellationToken cancel) =>
        Mark(await inner.UpdateAsync(type, key, obj, options, cancel));

    public async Task<StoredObject> PatchAsync(
        ResourceType type, ObjectKey key, PatchType patchType, JsonNode patch, WriteOptions options, CancellationToken cancel) =>
        Mark(await inner.PatchAsync(type, key, patchType, patch, options, cancel));

    public async Task<ApplyResult> ApplyAsync(
        ResourceType type, ObjectKey key, AppliedConfiguration applied, bool force, WriteOptions options, CancellationToken cancel)
    {
        var result = await inner.ApplyAsync(type, key, applied, force, options, cancel);
        Mark(result.Object);
        return result;
    }

    public async Task<StoredObject?> ModifyAsync(
        ResourceType type, ObjectKey key, Func<JsonObject, bool> change, WriteOptions options, CancellationToken cancel) =>
        await inner.ModifyAsync(type, key, change, options, cancel) is { } stored ? Mark(stored) : null;

    public async Task<StoredObject> PostAsync(ResourceType type, ObjectKey key, JsonObject posted, WriteOptions options, CancellationToken cancel) =>
        Mark(await inner.PostAsync(type, key, posted, options, cancel));

    public async Task<DeleteOutcome> DeleteAsync(ResourceType type, ObjectKey key, DeleteRequest request, WriteOptions options, CancellationToken cancel)
    {
        var outcome = await inner.DeleteAsync(type, key, request, options, cancel);
        Mark(outcome.Object);
        return outcome;
    }

    public bool HasAdmission(AdmissionTarget target) => inner.HasAdmission(target);

    public Task<JsonObject> AdmitAsync(AdmissionRequest request, Action<JsonObject> validate, CancellationToken cancel) => inner.AdmitAsync(request, validate, cancel);

    private StoredObject Mark(StoredObject stored)
    {
        marks.Raise(stored.Resource.Collection, stored.Revision);
        return stored;
    }
}
