using System.Text.Json.Nodes;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Registry.Api;

/// <summary>The way of an object that is created: a loop of prepare, admit, validate, write. The steps are in <see cref="CreateSteps"/>.</summary>
internal sealed class ObjectCreation(ApiParts parts)
{
    /// <param name="obj">As it is stored.</param>
    /// <param name="owners">Of the object as its creator made it, before admission: <c>metadata.managedFields</c> in UTF-8.</param>
    public async Task<StoredObject> CreateAsync(
        ResourceType type, string @namespace, JsonObject obj, WriteOptions options, Func<JsonObject, byte[]?> owners, CancellationToken cancel)
    {
        if (type.Storage.IsTerminating) throw new ApiException(405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating");
        CreateSteps.CheckRequest(type, @namespace, obj);
        var generated = CreateSteps.NameIsGenerated(obj);
        var again = generated || type.Rules.HasClaims;
        for (var attempt = 0; attempt < ApiParts.MostAttempts; attempt++)
        {
            // Only where there may be another attempt does the document have to stay as it came.
            var candidate = again ? (JsonObject)obj.DeepClone() : obj;
            var key = CreateSteps.Prepare(type, @namespace, candidate, parts.Time.GetUtcNow(), parts.Random);
            var managedFields = owners(candidate);
            var asked = Describe(type, key, candidate, options);
            if (asked is not null && await parts.Admission.MutateAsync(asked, cancel).ConfigureAwait(false)) (key, candidate) = Admitted(asked, @namespace);
            CreateSteps.Complete(type, candidate);
            await parts.Admission.ValidateAsync(asked, cancel).ConfigureAwait(false);
            foreach (var warning in type.Rules.Warnings(candidate)) options.Warnings.Add(warning);
            var draft = ObjectDraft.Encode(candidate, managedFields);
            ObjectSize.Check(type, draft, before: 0);
            if (options.DryRun)
            {
                var current = (await parts.Registry[type].ReadConsistentAsync(cancel).ConfigureAwait(false)).Get(key);
                if (current is not null) throw ApiException.AlreadyExists(type, key.Name);
                return new(type.Storage, key, 0, draft.WithoutRevision());
            }
            var result = await parts.Registry[type].WriteAsync(new Write.Create(draft), cancel).ConfigureAwait(false);
            switch (result.Outcome)
            {
                case WriteOutcome.Committed:
                    return result.Object!;
                case WriteOutcome.AlreadyExists when generated:
                case WriteOutcome.ClaimTaken:
                    // Another name, another address: admission sees the winner's and chooses again, or refuses what the caller fixed.
                    continue;
                default:
                    throw WriteFailures.Of(type, key, result);
            }
        }
        throw ApiException.AlreadyExists(type, obj["metadata"]?["generateName"]?.GetValue<string>() ?? "");
    }

    private AdmissionRequest? Describe(ResourceType type, ObjectKey key, JsonObject candidate, WriteOptions options) =>
        !parts.Admission.Handles(new(type.Storage, Operation.Create, "")) ? null : new()
        {
            RequestedType = type,
            Key = key,
            Operation = Operation.Create,
            Kind = type.Storage.Document,
            Object = candidate,
            Options = options.Subresource.Length == 0 ? options : options with { Subresource = "" },
            Registry = parts.Registry,
        };

    private (ObjectKey Key, JsonObject Candidate) Admitted(AdmissionRequest asked, string @namespace)
    {
        var (type, changed) = (asked.Type, asked.Object!);
        AdmissionChain.DecodeAgain(asked, Schema.Of(type));
        OwnershipSteps.Take(changed);
        CreateSteps.CheckRequest(type, @namespace, changed);
        return (CreateSteps.Prepare(type, @namespace, changed, parts.Time.GetUtcNow(), parts.Random), changed);
    }
}
