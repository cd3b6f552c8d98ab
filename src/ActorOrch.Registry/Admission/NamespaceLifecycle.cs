using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Admission;

/// <summary>Nothing is created in a namespace that does not exist or is terminating; the system's own namespaces cannot be deleted.</summary>
public sealed class NamespaceLifecycle : IMutatingAdmission
{
    private static readonly HashSet<string> Immortal = ["default", "kube-system", "kube-public"];

    // Questions that are only answered tell nothing of what there is.
    public bool Handles(AdmissionTarget target) =>
        target.Operation == Operation.Delete ? target.Type == BuiltIn.Namespaces : target.Operation == Operation.Create && target.Type is { Namespaced: true, IsStored: true };

    /// <summary>Changes nothing: it comes first, so that where there is no namespace nothing else is said.</summary>
    public async ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Operation == Operation.Delete)
            return Immortal.Contains(request.Key.Name) ? throw ApiException.Forbidden(request.Type, request.Key.Name, "this namespace may not be deleted") : false;
        var namespaces = request.Registry[BuiltIn.Namespaces];
        var key = ObjectKey.ClusterScoped(request.Key.Namespace);
        // A mirror may not have seen a namespace that was made a moment ago elsewhere; only its owner can say that there is none.
        var found = namespaces.Latest.Get(key) ?? (await namespaces.ReadConsistentAsync(cancel).ConfigureAwait(false)).Get(key);
        if (found is null) throw ApiException.NotFound(BuiltIn.Namespaces, key.Name);
        return found.Meta.DeletionTimestamp is null ? false : throw Terminating(request);
    }

    private static ApiException Terminating(AdmissionRequest request)
    {
        var refusal = ApiException.Forbidden(request.Type, request.Key.Name,
            $"unable to create new content in namespace {request.Key.Namespace} because it is being terminated");
        return new(refusal.Code, refusal.Reason, refusal.Message)
        {
            Name = refusal.Name,
            Group = refusal.Group,
            Kind = refusal.Kind,
            Causes = [new("NamespaceTerminating", "metadata.namespace", $"namespace {request.Key.Namespace} is being terminated")],
        };
    }
}
