using System.Globalization;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Kinds.ReplicaSets;

namespace ActorOrch.Resources.Kinds.Deployments;

/// <summary>Checks <c>apps/v1 Deployment</c>.</summary>
internal static class DeploymentValidation
{
    private const string PercentSyntax =
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    public static void Validate(Field spec, FieldErrors errors)
    {
        Checks.NonNegative(spec["replicas"], errors);
        WorkloadSelector.Validate(spec["selector"], errors);
        PodTemplate.ValidateFor(spec["selector"], spec["template"], errors);
        CheckStrategy(spec["strategy"], errors);
        Checks.NonNegative(spec["minReadySeconds"], errors);
        Checks.NonNegative(spec["revisionHistoryLimit"], errors);
        var deadline = spec["progressDeadlineSeconds"];
        if (deadline.Integer is not { } seconds) return;
        Checks.NonNegative(deadline, errors);
        if (seconds <= (spec["minReadySeconds"].Integer ?? 0)) errors.Invalid(deadline, "must be greater than minReadySeconds");
    }

    public static void ValidateStatus(Field status, FieldErrors errors)
    {
        foreach (var name in (string[])["observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas", "collisionCount"])
            Checks.NonNegative(status[name], errors);
        var replicas = status["replicas"].Integer ?? 0;
        foreach (var name in (string[])["updatedReplicas", "readyReplicas", "availableReplicas"])
            if (status[name].Integer > replicas) errors.Invalid(status[name], "cannot be greater than status.replicas");
        if (status["availableReplicas"].Integer > (status["readyReplicas"].Integer ?? 0))
            errors.Invalid(status["availableReplicas"], "cannot be greater than readyReplicas");
    }

    private static void CheckStrategy(Field strategy, FieldErrors errors)
    {
        var rolling = strategy["rollingUpdate"];
        switch (strategy["type"].Text)
        {
            case "Recreate":
                if (rolling.Exists) errors.Forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'");
                break;
            case "RollingUpdate":
                if (rolling.Exists) CheckRolling(rolling, errors);
                else errors.Required(rolling, "this should be defaulted and never be nil");
                break;
            default:
                errors.NotSupported(strategy["type"], "Recreate", "RollingUpdate");
                break;
        }
    }

    private static void CheckRolling(Field rolling, FieldErrors errors)
    {
        var (unavailable, surge) = (rolling["maxUnavailable"], rolling["maxSurge"]);
        var (most, more) = (CheckCount(unavailable, errors), CheckCount(surge, errors));
        if (most == 0 && more == 0) errors.Invalid(unavailable, GoLiteral.IntOrString(unavailable), "may not be 0 when `maxSurge` is 0");
        if (most > 100 && unavailable.Integer is null)
            errors.Invalid(unavailable, GoLiteral.IntOrString(unavailable), "must not be greater than 100%");
    }

    /// <returns>The number or the percentage; null where it is neither.</returns>
    private static long? CheckCount(Field count, FieldErrors errors)
    {
        if (count.Integer is { } number)
        {
            Checks.NonNegative(count, errors);
            return number;
        }
        var text = count.Text;
        if (text.EndsWith('%') && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)) return percent;
        errors.Invalid(count, GoLiteral.IntOrString(count), PercentSyntax);
        return null;
    }
}
