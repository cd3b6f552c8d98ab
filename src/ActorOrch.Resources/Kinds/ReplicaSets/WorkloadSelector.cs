using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.ReplicaSets;

/// <summary>Checks the selector by which a workload knows its pods.</summary>
internal static class WorkloadSelector
{
    public static void Validate(Field selector, FieldErrors errors)
    {
        if (!selector.Exists)
        {
            errors.Required(selector);
            return;
        }
        LabelSelectorValidation.Validate(selector, errors);
        // It would select every pod of the namespace.
        if (LabelSelectorValidation.IsEmpty(selector)) errors.Invalid(selector, GoLiteral.Of(selector), "empty selector is invalid for deployment");
    }
}
