using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;

namespace ActorOrch.Resources.Kinds.ReplicaSets;

/// <summary>Checks <c>apps/v1 ReplicaSet</c>.</summary>
internal static class ReplicaSetValidation
{
    public static void Validate(Field spec, FieldErrors errors)
    {
        Checks.NonNegative(spec["replicas"], errors);
        Checks.NonNegative(spec["minReadySeconds"], errors);
        WorkloadSelector.Validate(spec["selector"], errors);
        PodTemplate.ValidateFor(spec["selector"], spec["template"], errors);
    }

    public static void ValidateStatus(Field status, FieldErrors errors)
    {
        foreach (var name in (string[])["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"])
            Checks.NonNegative(status[name], errors);
        var replicas = status["replicas"].Integer ?? 0;
        foreach (var name in (string[])["fullyLabeledReplicas", "readyReplicas", "availableReplicas"])
            if (status[name].Integer > replicas) errors.Invalid(status[name], "cannot be greater than status.replicas");
        if (status["availableReplicas"].Integer > (status["readyReplicas"].Integer ?? 0))
            errors.Invalid(status["availableReplicas"], "cannot be greater than readyReplicas");
    }
}
