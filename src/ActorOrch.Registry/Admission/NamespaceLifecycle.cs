using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Admission;

/// <summary>Nothing is created in a namespace that does not exist or is terminating; the system's own namespaces cannot be deleted.</summary>
public sealed class NamespaceLifecycle : IAdmission
{
    private static readonly HashSet<string> Immortal = ["default", "kube-system", "kube-public"];

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Operation == Operation.Delete)
        {
            if (request.Type == BuiltIn.Namespaces && Immortal.Contains(request.Key.Name))
                throw ApiException.Forbidden(request.Type, request.Key.Name, "this namespace may not be deleted");
            return;
        }
        if (request.Operation != Operation.Create || !request.Type.Namespaced) return;
        var namespaces = request.Registry[BuiltIn.Namespaces];
        var key = ObjectKey.ClusterScoped(request.Key.Namespace);
        // A mirror may not have seen a namespace that was made a moment ago elsewhere; only its owner can say that there is none.
        var found = namespaces.Latest.Get(key) ?? (await namespaces.ReadConsistentAsync(cancel).ConfigureAwait(false)).Get(key);
        if (found is null) throw ApiException.NotFound(BuiltIn.Namespaces, key.Name);
        if (found.Meta.DeletionTimestamp is not null) throw Terminating(request);
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
