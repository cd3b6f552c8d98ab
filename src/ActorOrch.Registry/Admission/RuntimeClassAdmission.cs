using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Registry.Admission;

/// <summary>
/// A pod that asks for a class of runtimes gets it or is refused: it would run in another sandbox otherwise. No class is known yet, so that
/// every name is refused, and likewise the overhead that only a class may bring.
/// </summary>
public sealed class RuntimeClassAdmission : IMutatingAdmission
{
    public bool Handles(AdmissionTarget target) => target.Type == BuiltIn.Pods && target.Subresource.Length == 0 && target.Operation == Operation.Create;

    /// <summary>Changes nothing, as there is no class to take anything from.</summary>
    public ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is not JsonObject spec) return new(false);
        var fields = Field.Root(spec);
        if (fields["runtimeClassName"].Text is { Length: > 0 } name) throw Rejected(request, $"RuntimeClass \"{name}\" not found");
        return fields["overhead"].Entries.Any() ? throw Rejected(request, "Pod Overhead set without corresponding RuntimeClass defined Overhead") : new(false);
    }

    private static ApiException Rejected(AdmissionRequest request, string why) =>
        ApiException.Forbidden(request.Type, request.Key.Name, $"pod rejected: {why}");
}
