using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Registry.Admission;

/// <summary>Resolves <c>priorityClassName</c> into <c>priority</c>. Only the two classes that every cluster has are known.</summary>
public sealed class PriorityAdmission : IMutatingAdmission
{
    private static readonly Dictionary<string, int> SystemClasses = new()
    {
        ["system-cluster-critical"] = 2_000_000_000,
        ["system-node-critical"] = 2_000_001_000,
    };

    public bool Handles(AdmissionTarget target) => target.Type == BuiltIn.Pods && target.Subresource.Length == 0 && target.Operation == Operation.Create;

    public ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is not JsonObject spec) return new(false);
        var name = Field.Root(spec)["priorityClassName"].Text;
        var priority = 0;
        if (name.Length > 0 && !SystemClasses.TryGetValue(name, out priority))
            throw ApiException.Forbidden(request.Type, request.Key.Name, $"no PriorityClass with name {name} was found");
        if (Field.Root(spec)["priority"].Integer is { } given && given != priority)
            throw ApiException.Forbidden(request.Type, request.Key.Name,
                $"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {priority} from the given PriorityClass name");
        spec["priority"] = priority;
        spec["preemptionPolicy"] ??= "PreemptLowerPriority";
        return new(true);
    }
}
