using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Registry.Admission;

/// <summary>
/// A pod that asks for a class of runtimes gets it or is refused: it would run in another sandbox otherwise. No class is known yet, so that
/// every name is refused, and likewise the overhead that only a class may bring.
/// </summary>
public sealed class RuntimeClassAdmission : IAdmission
{
    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Type != BuiltIn.Pods || request.Operation != Operation.Create || request.Options.Subresource.Length > 0) return default;
        if (request.Object?["spec"] is not JsonObject spec) return default;
        var fields = Field.Root(spec);
        if (fields["runtimeClassName"].Text is { Length: > 0 } name) throw Rejected(request, $"RuntimeClass \"{name}\" not found");
        if (fields["overhead"].Entries.Any()) throw Rejected(request, "Pod Overhead set without corresponding RuntimeClass defined Overhead");
        return default;
    }

    private static ApiException Rejected(AdmissionRequest request, string why) =>
        ApiException.Forbidden(request.Type, request.Key.Name, $"pod rejected: {why}");
}
