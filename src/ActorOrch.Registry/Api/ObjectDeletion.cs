using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>The way of an object that is deleted. The steps are in <see cref="DeleteSteps"/>.</summary>
internal sealed class ObjectDeletion(ApiParts parts)
{
    /// <param name="admitted">Whether it was asked for in a way that admission has passed already.</param>
    public async Task<DeleteOutcome> DeleteAsync(
        ResourceType type, ObjectKey key, DeleteRequest request, WriteOptions options, bool admitted, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < ApiParts.MostAttempts; attempt++)
        {
            var current = (await parts.Registry[type].ReadConsistentAsync(cancel).ConfigureAwait(false)).Get(key) ?? throw ApiException.NotFound(type, key.Name);
            if (!admitted) await AdmitAsync(type, current, request, options, cancel).ConfigureAwait(false);
            var step = DeleteSteps.Decide(type.Storage, current, request, parts.Time.GetUtcNow());
            if (step.Nothing) return new(current, Removed: false);
            if (options.DryRun) return new(current, Removed: step.Remove);
            Write write = step.Remove
                ? new Write.Remove(key, current.Revision, step.Draft)
                : new Write.Replace(step.Draft!, current.Revision);
            var result = await parts.Registry[type].WriteAsync(write, cancel).ConfigureAwait(false);
            if (result.Outcome == WriteOutcome.Committed) return new(result.Object!, step.Remove);
            if (result.Outcome != WriteOutcome.Conflict || request.PreconditionResourceVersion is not null) throw WriteFailures.Of(type, key, result);
        }
        throw ApiException.Conflict(type, key.Name);
    }

    private async ValueTask AdmitAsync(ResourceType type, StoredObject current, DeleteRequest request, WriteOptions options, CancellationToken cancel)
    {
        if (!parts.Admission.Handles(new(type.Storage, Operation.Delete, ""))) return;
        var asked = new AdmissionRequest
        {
            RequestedType = type,
            Key = current.Key,
            Operation = Operation.Delete,
            Kind = type.Storage.Document,
            Old = current,
            Options = options,
            Deletion = request,
            Registry = parts.Registry,
        };
        await parts.Admission.MutateAsync(asked, cancel).ConfigureAwait(false);
        await parts.Admission.ValidateAsync(asked, cancel).ConfigureAwait(false);
    }
}
