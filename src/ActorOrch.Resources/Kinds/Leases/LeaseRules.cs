using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Leases;

/// <summary><c>coordination.k8s.io/v1 Lease</c>.</summary>
internal sealed class LeaseRules : KindRules
{
    public override bool AllowUnconditionalUpdate => false;

    public override bool AllowCreateOnUpdate => true;

    public override void Validate(Field obj, FieldErrors errors)
    {
        var spec = obj["spec"];
        if (spec["leaseDurationSeconds"].Integer is <= 0) errors.Invalid(spec["leaseDurationSeconds"], "must be greater than 0");
        if (spec["leaseTransitions"].Integer is < 0) errors.Invalid(spec["leaseTransitions"], "must be greater than or equal to 0");
        if (spec["holderIdentity"] is { Exists: true, Text.Length: 0 }) errors.Invalid(spec["holderIdentity"], "must not be empty");
    }
}
