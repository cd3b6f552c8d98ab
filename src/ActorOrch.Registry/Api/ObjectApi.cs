using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Schemas;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Registry.Api;

/// <summary>
/// The API pipeline over a registry. Each write is a loop of read, prepare, admit, validate, compare-and-set, which is run in
/// <see cref="ObjectCreation"/>, <see cref="ObjectReplacement"/> and <see cref="ObjectDeletion"/>.
/// </summary>
public sealed class ObjectApi : IObjectApi
{
    private readonly ApiParts _parts;
    private readonly ObjectCreation _creation;
    private readonly ObjectReplacement _replacement;
    private readonly ObjectDeletion _deletion;

    /// <param name="admission">Run in this order, in each of the two phases.</param>
    /// <param name="random">For the suffixes of generated names.</param>
    public ObjectApi(IRegistry registry, IReadOnlyList<IAdmission> admission, TimeProvider time, Random random)
    {
        _parts = new(registry, new(admission), time, random);
        _creation = new(_parts);
        _replacement = new(_parts, _creation);
        _deletion = new(_parts);
    }

    public IRegistry Registry => _parts.Registry;

    private DateTimeOffset Now => _parts.Time.GetUtcNow();

    public async Task<StoredObject> CreateAsync(
        ResourceType type, string @namespace, JsonObject obj, WriteOptions options, CancellationToken cancel = default)
    {
        var given = OwnershipSteps.Take(obj);
        return await _creation.CreateAsync(
            type, @namespace, type.ToStorage(obj), options, candidate => OwnershipSteps.OfCreate(type, candidate, given, options, Now), cancel).ConfigureAwait(false);
    }

    public async Task<StoredObject> UpdateAsync(
        ResourceType type, ObjectKey key, JsonObject obj, WriteOptions options, CancellationToken cancel = default)
    {
        if (ViewOf(type, options) is { } view) return await ChangeViewAsync(type, key, view, _ => (JsonObject)obj.DeepClone(), options, cancel).ConfigureAwait(false);
        RequestedObject.CheckReplaces(key, obj);
        var conditional = UpdateSteps.RevisionOf(obj) is not null;
        type.ToStorage(obj);
        return (await _replacement.ReplaceAsync(
            type, key, options, retry: !conditional, _ => new((JsonObject)obj.DeepClone()), cancel, createFrom: obj, onTop: true).ConfigureAwait(false)).Answer;
    }

    public async Task<StoredObject> PatchAsync(
        ResourceType type, ObjectKey key, PatchType patchType, JsonNode patch, WriteOptions options, CancellationToken cancel = default)
    {
        if (ViewOf(type, options) is { } view)
            return await ChangeViewAsync(type, key, view, before => PatchSteps.ApplyToView(view, before, patchType, patch, options), options, cancel).ConfigureAwait(false);
        var conditional = patchType != PatchType.Json && UpdateSteps.RevisionOf(patch) is not null;
        return (await _replacement.ReplaceAsync(
            type, key, options, retry: !conditional, current => new(PatchSteps.Apply(type, key, current, patchType, patch, options)), cancel,
            onTop: patchType != PatchType.Json).ConfigureAwait(false)).Answer;
    }

    public async Task<ApplyResult> ApplyAsync(
        ResourceType type, ObjectKey key, AppliedConfiguration applied, bool force, WriteOptions options, CancellationToken cancel = default)
    {
        var view = ViewOf(type, options);
        if (view is not null) applied = ViewSteps.ToObject(type, key, view, applied);
        var conditional = UpdateSteps.RevisionOf(applied.Document) is not null;
        for (var attempt = 0; attempt < ApiParts.MostAttempts; attempt++)
        {
            var there = (await Registry[type].ReadConsistentAsync(cancel).ConfigureAwait(false)).Get(key) is not null;
            try
            {
                var done = there
                    ? (await _replacement.ReplaceAsync(
                        type, key, options, retry: !conditional, current => ApplySteps.Change(type, key, current, applied, force, view, options, Now), cancel).ConfigureAwait(false)).Answer
                    : await _creation.CreateAsync(
                        type, key.Namespace, ApplySteps.NewDocument(type, key, applied, options), options, _ => ApplySteps.OwnersOfNew(type, applied, options, Now), cancel).ConfigureAwait(false);
                return new(done, Created: !there);
            }
            catch (ApiException raced) when (raced is { Reason: "AlreadyExists" } or { Reason: "NotFound" } && there == (raced.Reason == "NotFound") && raced.Kind == type.Plural && raced.Name == key.Name
                && options.Subresource.Length == 0)
            {
                // It was created or deleted in between: once more, with what is there now.
            }
        }
        throw ApiException.Conflict(type, key.Name);
    }

    public async Task<StoredObject> PostAsync(
        ResourceType type, ObjectKey key, JsonObject posted, WriteOptions options, CancellationToken cancel = default)
    {
        var action = type.FindSubresource(options.Subresource) as PostedAction
            ?? throw new ArgumentException($"nothing is posted to \"{options.Subresource}\" of {type}", nameof(options));
        var asked = new AdmissionRequest
        {
            RequestedType = type,
            Key = key,
            Operation = Operation.Create,
            Kind = action.Kind!,
            Object = posted,
            Options = options,
            Registry = Registry,
        };
        posted = await AdmitAsync(asked, changed => ActionSteps.Validate(type, key, action, changed), cancel).ConfigureAwait(false);
        switch (action)
        {
            case ChangingAction changing:
                return (await _replacement.ReplaceAsync(
                    type, key, options, retry: true, current => ActionSteps.Change(type, changing, current, posted, Now), cancel).ConfigureAwait(false)).Answer;
            case DeletingAction deleting:
                var how = DeleteOptions.Read(deleting.OptionsOf(posted));
                return (await _deletion.DeleteAsync(
                    type, key, how.Request, options with { DryRun = options.DryRun || how.DryRun }, admitted: true, cancel).ConfigureAwait(false)).Object;
            default:
                throw new ArgumentException($"there is no way to do what \"{action}\" asks for", nameof(options));
        }
    }

    public async Task<StoredObject?> ModifyAsync(
        ResourceType type, ObjectKey key, Func<JsonObject, bool> change, WriteOptions options, CancellationToken cancel = default)
    {
        try
        {
            return (await _replacement.ReplaceAsync(type, key, options, retry: true, current =>
            {
                var document = current.ToJson();
                // Who owns what is for the end: a change is one of the object.
                OwnershipSteps.Take(document);
                return change(document) ? new(document) : null;
            }, cancel).ConfigureAwait(false)).Stored;
        }
        catch (ApiException e) when (e.Code == 404 && e.Kind == type.Plural && e.Name == key.Name)
        {
            return null;
        }
    }

    public Task<DeleteOutcome> DeleteAsync(
        ResourceType type, ObjectKey key, DeleteRequest request, WriteOptions options, CancellationToken cancel = default) =>
        _deletion.DeleteAsync(type, key, request, options, admitted: false, cancel);

    public bool HasAdmission(AdmissionTarget target) => _parts.Admission.Handles(target);

    public async Task<JsonObject> AdmitAsync(AdmissionRequest request, Action<JsonObject> validate, CancellationToken cancel = default)
    {
        if (await _parts.Admission.MutateAsync(request, cancel).ConfigureAwait(false) && request.Kind.Model is { } model) AdmissionChain.DecodeAgain(request, Schema.Of(model));
        validate(request.Object!);
        await _parts.Admission.ValidateAsync(request, cancel).ConfigureAwait(false);
        return request.Object!;
    }

    private static ObjectView? ViewOf(ResourceType type, WriteOptions options) =>
        options.Subresource.Length == 0 ? null : type.FindSubresource(options.Subresource) as ObjectView;

    private async Task<StoredObject> ChangeViewAsync(
        ResourceType type, ObjectKey key, ObjectView view, Func<JsonObject, JsonObject> change, WriteOptions options, CancellationToken cancel) =>
        (await _replacement.ReplaceAsync(
            type, key, options, retry: true, current => ViewSteps.Change(type, key, view, current, change), cancel).ConfigureAwait(false)).Answer;
}
