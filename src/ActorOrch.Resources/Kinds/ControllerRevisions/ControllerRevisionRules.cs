using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.ControllerRevisions;

/// <summary><c>apps/v1 ControllerRevision</c>: a snapshot that never changes.</summary>
internal sealed class ControllerRevisionRules : KindRules
{
    public override void Validate(Field obj, FieldErrors errors)
    {
        if (!obj["data"].Exists) errors.Required(obj["data"], "data is mandatory");
        if (obj["revision"].Integer is < 0) errors.Invalid(obj["revision"], "must be greater than or equal to 0");
    }

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) => Immutable.Check(obj["data"], old["data"], errors);
}
