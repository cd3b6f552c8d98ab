using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Admission;

/// <summary>Gives each pod the service account <c>default</c> where it names none, and takes over that account's image pull secrets.</summary>
/// <param name="patience">How long a pod waits for the account of a namespace that was made a moment ago.</param>
public sealed class ServiceAccountAdmission(TimeSpan patience) : IMutatingAdmission
{
    public bool Handles(AdmissionTarget target) => target.Type == BuiltIn.Pods && target.Subresource.Length == 0 && target.Operation == Operation.Create;

    public async ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object is not { } pod || pod["spec"] is not JsonObject spec) return false;
        // Static pods are mirrored without an account.
        if (Field.Root(pod)["metadata"]["annotations"]["kubernetes.io/config.mirror"].Exists) return false;
        if (Field.Root(spec)["serviceAccountName"].Text.Length == 0) spec["serviceAccountName"] = "default";
        var name = spec["serviceAccountName"]!.GetValue<string>();
        spec["serviceAccount"] = name;
        var account = await FindAsync(request, new(request.Key.Namespace, name), cancel).ConfigureAwait(false)
            ?? throw ApiException.Forbidden(BuiltIn.Pods, request.Key.Name,
                $"error looking up service account {request.Key.Namespace}/{name}: serviceaccount \"{name}\" not found");
        if (spec["imagePullSecrets"] is null && account.ToJson()["imagePullSecrets"] is JsonArray { Count: > 0 } secrets)
            spec["imagePullSecrets"] = secrets.DeepClone();
        return true;
    }

    private async ValueTask<StoredObject?> FindAsync(AdmissionRequest request, ObjectKey key, CancellationToken cancel)
    {
        var accounts = request.Registry[BuiltIn.ServiceAccounts];
        var snapshot = accounts.Latest;
        if (snapshot.Get(key) is { } found) return found;
        using var deadline = new Patience(patience, cancel);
        try
        {
            while (true)
            {
                snapshot = await accounts.ReadAtLeastAsync(snapshot.Revision + 1, deadline.Token).ConfigureAwait(false);
                if (snapshot.Get(key) is { } arrived) return arrived;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
