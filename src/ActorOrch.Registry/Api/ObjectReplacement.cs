using System.Text.Json.Nodes;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Registry.Api;

/// <summary>What became of a write that replaces.</summary>
/// <param name="Stored">What is stored at the end, of an object whose last finalizer was removed its last state.</param>
/// <param name="Answer">What the writer is answered.</param>
internal readonly record struct Replaced(StoredObject Stored, StoredObject Answer)
{
    public Replaced(StoredObject both) : this(both, both)
    {
    }
}

/// <summary>The way of what takes an object's place: a loop of read, change, admit, validate, compare-and-set. The steps are in <see cref="UpdateSteps"/>.</summary>
internal sealed class ObjectReplacement(ApiParts parts, ObjectCreation creation)
{
    private readonly WriteTurns _turns = new();

    /// <param name="retry">The writer gives no resourceVersion: its write is queued behind those of this process to the same object.</param>
    /// <param name="onTop">It does not look at versions either, and may be made on top of one that is not durable yet.</param>
    public async Task<Replaced> ReplaceAsync(
        ResourceType type, ObjectKey key, WriteOptions options, bool retry, Func<StoredObject, Proposal?> change, CancellationToken cancel,
        JsonObject? createFrom = null, bool onTop = false)
    {
        var part = PartOf(type, options.Subresource);
        for (var attempt = 0; attempt < ApiParts.MostAttempts; attempt++)
        {
            using var turn = retry && !options.DryRun ? await _turns.TakeAsync(parts.Registry[type], key, onTop, cancel).ConfigureAwait(false) : null;
            var current = turn?.Basis ?? (await parts.Registry[type].ReadConsistentAsync(cancel).ConfigureAwait(false)).Get(key);
            if (current is null) return new(await CreateInsteadAsync(type, key, createFrom, options, cancel).ConfigureAwait(false));
            if (change(current) is not { } proposal)
            {
                if (await DurableAsync(turn, current, cancel).ConfigureAwait(false) is { } unchanged) return new(unchanged);
                continue;
            }
            UpdateSteps.CheckRevision(type, current, proposal.Document);
            // As its writer could read it: what the kind has come to have a default for is no change, though what lacks it is stored anew.
            var seen = type.Storage.FromStorage(current);
            var old = seen.ToJson();
            var (live, given) = (OwnershipSteps.Take(old), OwnershipSteps.Take(proposal.Document));
            var asked = Describe(type, key, seen, proposal, options);
            if (asked is not null && proposal.View is { } viewed && await parts.Admission.MutateAsync(asked, cancel).ConfigureAwait(false))
                ViewSteps.TakeOver(type, viewed.View, asked, proposal.Document);
            var document = proposal.Document;
            UpdateSteps.Prepare(type, part, document, old);
            var owners = proposal switch
            {
                { Owners: { } applied } => applied.ToJson(),
                { IsDecided: true } => live,
                _ => OwnershipSteps.OfUpdate(type, document, old, live, given, options, parts.Time.GetUtcNow()),
            };
            if (asked is not null && proposal.View is null && await parts.Admission.MutateAsync(asked, cancel).ConfigureAwait(false))
                document = UpdateSteps.TakeOver(type, part, asked, old);
            UpdateSteps.Validate(type, part, document, old);
            await parts.Admission.ValidateAsync(asked, cancel).ConfigureAwait(false);
            if (ReferenceEquals(seen, current) && UpdateSteps.Same(document, old) && OwnershipSteps.SayTheSame(owners, live))
            {
                if (await DurableAsync(turn, current, cancel).ConfigureAwait(false) is { } same) return new(same);
                continue;
            }
            UpdateSteps.RaiseGeneration(type, part, document, old);
            foreach (var warning in type.Rules.Warnings(document)) options.Warnings.Add(warning);
            OwnershipSteps.Put(document, owners);
            var draft = ObjectDraft.Encode(document);
            ObjectSize.Check(type, draft, current.Json.Length);
            if (options.DryRun) return new(Unstored(draft, current));
            var finished = DeleteSteps.IsFinished(type, document);
            Write write = finished ? new Write.Remove(key, current.Revision) : new Write.Replace(draft, current.Revision);
            var writing = turn is null ? parts.Registry[type].WriteAsync(write, cancel) : turn.WriteAsync(write, current.Revision, cancel);
            var result = await writing.ConfigureAwait(false);
            // As upstream: an update that removes the last finalizer of an object that is being deleted is answered, but never stored. Watchers see the version before it.
            if (result.Outcome == WriteOutcome.Committed) return new(result.Object!, finished ? Unstored(draft, turn?.Basis is null ? current : result.Object!) : result.Object!);
            var again = result.Outcome == WriteOutcome.Conflict ? retry : result.Outcome == WriteOutcome.ClaimTaken;
            if (!again) throw WriteFailures.Of(type, key, result);
        }
        throw ApiException.Conflict(type, key.Name);
    }

    private async Task<StoredObject> CreateInsteadAsync(ResourceType type, ObjectKey key, JsonObject? createFrom, WriteOptions options, CancellationToken cancel)
    {
        if (createFrom is not null) UpdateSteps.CheckUid(type, key, uid: "", createFrom);
        if (createFrom is null || !type.Rules.AllowCreateOnUpdate || options.Subresource.Length > 0) throw ApiException.NotFound(type, key.Name);
        var others = OwnershipSteps.Take(createFrom);
        return await creation.CreateAsync(
            type, key.Namespace, createFrom, options, made => OwnershipSteps.OfCreate(type, made, others, options, parts.Time.GetUtcNow()), cancel).ConfigureAwait(false);
    }

    /// <summary>What admission is asked; null where no step wants to know, or has been asked already of what led to this.</summary>
    private AdmissionRequest? Describe(ResourceType type, ObjectKey key, StoredObject current, Proposal proposal, WriteOptions options) =>
        proposal.IsDecided || !parts.Admission.Handles(new(type.Storage, Operation.Update, options.Subresource)) ? null : new()
        {
            RequestedType = type,
            Key = key,
            Operation = Operation.Update,
            Kind = proposal.View?.View.Kind ?? type.Storage.Document,
            Object = proposal.View?.After ?? proposal.Document,
            Old = current,
            OldObject = proposal.View?.Before,
            Options = options,
            Registry = parts.Registry,
        };

    /// <summary>As what an object is written: itself, a part of it, or, through a view or by an action, itself without its writer having seen all of it.</summary>
    private static ObjectPart PartOf(ResourceType type, string subresource) => subresource.Length == 0 ? ObjectPart.Whole : type.FindSubresource(subresource) switch
    {
        ObjectPart part => part,
        ObjectView => ObjectPart.Whole,
        ChangingAction => DecidedChange.Instance,
        var other => throw new ArgumentException($"{type} cannot be written by way of \"{other?.Name ?? subresource}\"", nameof(subresource)),
    };

    /// <summary>What a writer found as it wants it; null where it was to be, and is lost.</summary>
    private static async ValueTask<StoredObject?> DurableAsync(WriteTurn? turn, StoredObject current, CancellationToken cancel) =>
        turn?.Basis is null ? current : await turn.CommittedBasisAsync(cancel).ConfigureAwait(false);

    /// <summary>An update that is answered and not stored: it has the revision of what it would have replaced.</summary>
    private static StoredObject Unstored(ObjectDraft draft, StoredObject current) =>
        new(current.Resource, current.Key, current.Revision, draft.AtRevision(current.Revision));
}
