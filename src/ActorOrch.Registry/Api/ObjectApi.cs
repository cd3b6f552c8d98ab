using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Registry.Api;

/// <summary>
/// The API pipeline over a registry. Each write is a loop of read, prepare, compare-and-set; the steps in between are in
/// <see cref="CreateSteps"/>, <see cref="UpdateSteps"/> and <see cref="DeleteSteps"/>.
/// </summary>
/// <param name="admission">Run in this order between defaulting and validation.</param>
/// <param name="random">For the suffixes of generated names.</param>
public sealed class ObjectApi(IRegistry registry, IReadOnlyList<IAdmission> admission, TimeProvider time, Random random) : IObjectApi
{
    // Contention on one object is resolved by trying again; past this many rounds something is livelocked and the caller is told.
    private const int MostAttempts = 50;

    private readonly AdmissionChain _admission = new(admission);
    private readonly WriteTurns _turns = new();

    public IRegistry Registry { get; } = registry;

    public async Task<StoredObject> CreateAsync(
        ResourceType type, string @namespace, JsonObject obj, WriteOptions options, CancellationToken cancel = default)
    {
        if (options.Subresource == "binding") return await BindAsync(@namespace, obj, options, cancel).ConfigureAwait(false);
        var given = OwnershipSteps.Take(obj);
        return await CreateStoredAsync(
            type, @namespace, type.ToStorage(obj), options, candidate => OwnershipSteps.OfCreate(type, candidate, given, options, time.GetUtcNow()), cancel).ConfigureAwait(false);
    }

    /// <param name="owners">Of the object as its creator made it, before admission.</param>
    private async Task<StoredObject> CreateStoredAsync(
        ResourceType type, string @namespace, JsonObject obj, WriteOptions options, Func<JsonObject, JsonNode?> owners, CancellationToken cancel)
    {
        if (type.Storage.IsTerminating) throw new ApiException(405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating");
        CreateSteps.CheckRequest(type, @namespace, obj);
        var generated = CreateSteps.NameIsGenerated(obj);
        var again = generated || type.Rules.HasClaims;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            // Only where there may be another attempt does the document have to stay as it came.
            var candidate = again ? (JsonObject)obj.DeepClone() : obj;
            var key = CreateSteps.Prepare(type, @namespace, candidate, time.GetUtcNow(), random);
            var managedFields = owners(candidate);
            await _admission.AdmitAsync(new(type.Storage, key, Operation.Create, candidate, null, options, Registry), cancel).ConfigureAwait(false);
            CreateSteps.Validate(type, candidate);
            AddWarnings(type, candidate, options);
            OwnershipSteps.Put(candidate, managedFields);
            var draft = ObjectDraft.Encode(candidate);
            ObjectSize.Check(type, draft, before: 0);
            if (options.DryRun)
            {
                var current = (await Registry[type].ReadConsistentAsync(cancel).ConfigureAwait(false)).Get(key);
                if (current is not null) throw ApiException.AlreadyExists(type, key.Name);
                return new(type.Storage, key, 0, draft.WithoutRevision());
            }
            var result = await Registry[type].WriteAsync(new Write.Create(draft), cancel).ConfigureAwait(false);
            switch (result.Outcome)
            {
                case WriteOutcome.Committed:
                    return result.Object!;
                case WriteOutcome.AlreadyExists when generated:
                case WriteOutcome.ClaimTaken:
                    // Another name, another address: admission sees the winner's and chooses again, or refuses what the caller fixed.
                    continue;
                default:
                    throw Failure(type, key, result);
            }
        }
        throw ApiException.AlreadyExists(type, obj["metadata"]?["generateName"]?.GetValue<string>() ?? "");
    }

    public async Task<StoredObject> UpdateAsync(
        ResourceType type, ObjectKey key, JsonObject obj, WriteOptions options, CancellationToken cancel = default)
    {
        RequestedObject.CheckReplaces(key, obj);
        var conditional = UpdateSteps.RevisionOf(obj) is not null;
        type.ToStorage(obj);
        return (await ReplaceAsync(type, key, options, retry: !conditional, _ => new((JsonObject)obj.DeepClone()), cancel, createFrom: obj, onTop: true).ConfigureAwait(false)).Answer;
    }

    public async Task<StoredObject> PatchAsync(
        ResourceType type, ObjectKey key, PatchType patchType, JsonNode patch, WriteOptions options, CancellationToken cancel = default)
    {
        var conditional = patchType != PatchType.Json && UpdateSteps.RevisionOf(patch) is not null;
        return (await ReplaceAsync(
            type, key, options, retry: !conditional, current => new(PatchSteps.Apply(type, key, current, patchType, patch, options)), cancel, onTop: patchType != PatchType.Json).ConfigureAwait(false)).Answer;
    }

    public async Task<ApplyResult> ApplyAsync(
        ResourceType type, ObjectKey key, AppliedConfiguration applied, bool force, WriteOptions options, CancellationToken cancel = default)
    {
        var conditional = UpdateSteps.RevisionOf(applied.Document) is not null;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var there = await CurrentAsync(type, key, cancel).ConfigureAwait(false) is not null;
            try
            {
                var done = there
                    ? (await ReplaceAsync(type, key, options, retry: !conditional, current => ApplySteps.Change(type, key, current, applied, force, options, time), cancel).ConfigureAwait(false)).Answer
                    : await CreateStoredAsync(
                        type, key.Namespace, ApplySteps.NewDocument(type, key, applied, options), options,
                        _ => ApplySteps.OwnersOfNew(type, applied, options, time), cancel).ConfigureAwait(false);
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

    public async Task<StoredObject?> ModifyAsync(
        ResourceType type, ObjectKey key, Func<JsonObject, bool> change, WriteOptions options, CancellationToken cancel = default)
    {
        try
        {
            return (await ReplaceAsync(type, key, options, retry: true, current =>
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

    public async Task<DeleteOutcome> DeleteAsync(
        ResourceType type, ObjectKey key, DeleteRequest request, WriteOptions options, CancellationToken cancel = default)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var current = await CurrentAsync(type, key, cancel).ConfigureAwait(false) ?? throw ApiException.NotFound(type, key.Name);
            await _admission.AdmitAsync(new(type.Storage, key, Operation.Delete, null, current, options, Registry), cancel).ConfigureAwait(false);
            var step = DeleteSteps.Decide(type.Storage, current, request, time.GetUtcNow());
            if (step.Nothing) return new(current, Removed: false);
            if (options.DryRun) return new(current, Removed: step.Remove);
            Write write = step.Remove
                ? new Write.Remove(key, current.Revision, step.Draft)
                : new Write.Replace(step.Draft!, current.Revision);
            var result = await Registry[type].WriteAsync(write, cancel).ConfigureAwait(false);
            if (result.Outcome == WriteOutcome.Committed) return new(result.Object!, step.Remove);
            if (result.Outcome != WriteOutcome.Conflict || request.PreconditionResourceVersion is not null) throw Failure(type, key, result);
        }
        throw ApiException.Conflict(type, key.Name);
    }

    /// <summary>What is stored at the end, of an object whose last finalizer was removed its last state; and what the writer is answered.</summary>
    private readonly record struct Replaced(StoredObject Stored, StoredObject Answer)
    {
        public Replaced(StoredObject both) : this(both, both)
        {
        }
    }

    /// <param name="retry">The writer gives no resourceVersion: its write is queued behind those of this process to the same object.</param>
    /// <param name="onTop">It does not look at versions either, and may be made on top of one that is not durable yet.</param>
    private async Task<Replaced> ReplaceAsync(
        ResourceType type, ObjectKey key, WriteOptions options, bool retry, Func<StoredObject, Proposal?> change, CancellationToken cancel,
        JsonObject? createFrom = null, bool onTop = false)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            using var turn = retry && !options.DryRun ? await _turns.TakeAsync(Registry[type], key, onTop, cancel).ConfigureAwait(false) : null;
            var current = turn?.Basis ?? await CurrentAsync(type, key, cancel).ConfigureAwait(false);
            if (current is null)
            {
                if (createFrom is not null) UpdateSteps.CheckUid(type, key, uid: "", createFrom);
                if (createFrom is null || !type.Rules.AllowCreateOnUpdate) throw ApiException.NotFound(type, key.Name);
                var others = OwnershipSteps.Take(createFrom);
                return new(await CreateStoredAsync(
                    type, key.Namespace, createFrom, options, made => OwnershipSteps.OfCreate(type, made, others, options, time.GetUtcNow()), cancel).ConfigureAwait(false));
            }
            if (change(current) is not { } proposal)
            {
                if (await DurableAsync(turn, current, cancel).ConfigureAwait(false) is { } unchanged) return new(unchanged);
                continue;
            }
            var document = proposal.Document;
            UpdateSteps.CheckRevision(type, current, document);
            var old = current.ToJson();
            var (live, given) = (OwnershipSteps.Take(old), OwnershipSteps.Take(document));
            UpdateSteps.Prepare(type, document, old, options.Subresource);
            var owners = proposal.Owners is { } applied ? applied.ToJson() : OwnershipSteps.OfUpdate(type, document, old, live, given, options, time.GetUtcNow());
            if (options.Subresource != "status")
                await _admission.AdmitAsync(new(type.Storage, key, Operation.Update, document, current, options, Registry), cancel).ConfigureAwait(false);
            UpdateSteps.Validate(type, document, old, options.Subresource);
            if (UpdateSteps.Same(document, old) && OwnershipSteps.SayTheSame(owners, live))
            {
                if (await DurableAsync(turn, current, cancel).ConfigureAwait(false) is { } same) return new(same);
                continue;
            }
            UpdateSteps.RaiseGeneration(type, document, old, options.Subresource);
            AddWarnings(type, document, options);
            OwnershipSteps.Put(document, owners);
            var draft = ObjectDraft.Encode(document);
            ObjectSize.Check(type, draft, current.Json.Length);
            if (options.DryRun) return new(Unstored(draft, current));
            var finished = DeleteSteps.IsFinished(type, document);
            Write write = finished ? new Write.Remove(key, current.Revision) : new Write.Replace(draft, current.Revision);
            var writing = turn is null ? Registry[type].WriteAsync(write, cancel) : turn.WriteAsync(write, current.Revision, cancel);
            var result = await writing.ConfigureAwait(false);
            // As upstream: an update that removes the last finalizer of an object that is being deleted is answered, but never stored. Watchers see the version before it.
            if (result.Outcome == WriteOutcome.Committed) return new(result.Object!, finished ? Unstored(draft, turn?.Basis is null ? current : result.Object!) : result.Object!);
            var again = result.Outcome == WriteOutcome.Conflict ? retry : result.Outcome == WriteOutcome.ClaimTaken;
            if (!again) throw Failure(type, key, result);
        }
        throw ApiException.Conflict(type, key.Name);
    }

    /// <summary>What a writer found as it wants it; null where it was to be, and is lost.</summary>
    private static async ValueTask<StoredObject?> DurableAsync(WriteTurn? turn, StoredObject current, CancellationToken cancel) =>
        turn?.Basis is null ? current : await turn.CommittedBasisAsync(cancel).ConfigureAwait(false);

    /// <summary>An update that is answered and not stored: it has the revision of what it would have replaced.</summary>
    private static StoredObject Unstored(ObjectDraft draft, StoredObject current) =>
        new(current.Resource, current.Key, current.Revision, draft.AtRevision(current.Revision));

    private async Task<StoredObject> BindAsync(string @namespace, JsonObject binding, WriteOptions options, CancellationToken cancel)
    {
        var key = new ObjectKey(@namespace, Field.Root(binding)["metadata"]["name"].Text);
        var node = BindingSteps.TargetOf(binding);
        return (await ReplaceAsync(
            BuiltIn.Pods, key, options, retry: true, pod => new(BindingSteps.Apply(pod, binding, node, time.GetUtcNow())), cancel).ConfigureAwait(false)).Answer;
    }

    private async ValueTask<StoredObject?> CurrentAsync(ResourceType type, ObjectKey key, CancellationToken cancel) =>
        (await Registry[type].ReadConsistentAsync(cancel).ConfigureAwait(false)).Get(key);

    private static void AddWarnings(ResourceType type, JsonObject obj, WriteOptions options)
    {
        foreach (var warning in type.Rules.Warnings(obj)) options.Warnings.Add(warning);
    }

    private static ApiException Failure(ResourceType type, ObjectKey key, WriteResult result) => result.Outcome switch
    {
        WriteOutcome.AlreadyExists => ApiException.AlreadyExists(type, key.Name),
        WriteOutcome.NotFound => ApiException.NotFound(type, key.Name),
        WriteOutcome.Conflict => ApiException.Conflict(type, key.Name),
        WriteOutcome.ClaimTaken => ApiException.Conflict(type, key.Name, $"{result.Detail} is already allocated"),
        WriteOutcome.Unavailable => Unavailable(type, key, result.Detail),
        WriteOutcome.TooLarge => ObjectSize.TooLarge(type, key, result.Detail ?? ""),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "a committed write is no failure"),
    };

    private static ApiException Unavailable(ResourceType type, ObjectKey key, string? detail) =>
        new(503, "ServiceUnavailable", detail ?? "the store cannot acknowledge writes at the moment")
        {
            Name = key.Name,
            Group = type.Group,
            Kind = type.Plural,
            RetryAfterSeconds = 1,
        };
}
