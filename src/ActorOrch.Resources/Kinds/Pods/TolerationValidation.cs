using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 Toleration</c>, and the effect that it shares with <c>Taint</c>.</summary>
internal static class TolerationValidation
{
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    private static readonly string[] Operators = ["Equal", "Exists"];

    public static void Validate(Field tolerations, FieldErrors errors)
    {
        foreach (var toleration in tolerations.Items)
        {
            var (key, op, value, effect) = (toleration["key"], toleration["operator"], toleration["value"], toleration["effect"]);
            if (key.Text.Length > 0) Checks.QualifiedName(key, errors);
            else if (op.Text != "Exists")
                errors.Invalid(op, op.Text, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            if (toleration["tolerationSeconds"].Exists && effect.Text != "NoExecute")
                errors.Invalid(effect, effect.Text, "effect must be 'NoExecute' when `tolerationSeconds` is set");
            CheckOperator(op, value, errors);
            if (effect.Text.Length > 0) CheckEffect(effect, errors);
        }
    }

    public static void CheckEffect(Field effect, FieldErrors errors)
    {
        if (!Effects.Contains(effect.Text)) errors.NotSupported(effect, Effects);
    }

    /// <summary>An update of a pod may add tolerations and change how long one holds; the rest stays.</summary>
    public static void ValidateUpdate(Field tolerations, Field old, FieldErrors errors)
    {
        var now = tolerations.Items.Select(Identity).ToHashSet();
        if (!old.Items.All(o => now.Contains(Identity(o))))
            errors.Forbidden(tolerations, "existing toleration can not be modified except its tolerationSeconds");
    }

    private static void CheckOperator(Field op, Field value, FieldErrors errors)
    {
        switch (op.Text)
        {
            case "" or "Equal":
                var wrong = string.Join(';', Names.LabelValue(value.Text));
                if (wrong.Length > 0) errors.Invalid(op, value.Text, wrong);
                break;
            case "Exists":
                if (value.Text.Length > 0) errors.Invalid(op, value.Text, "value must be empty when `operator` is 'Exists'");
                break;
            default:
                errors.NotSupported(op, Operators);
                break;
        }
    }

    // All that a toleration has but its seconds.
    private static (string Key, string Operator, string Value, string Effect) Identity(Field toleration) =>
        (toleration["key"].Text, toleration["operator"].Text, toleration["value"].Text, toleration["effect"].Text);
}
