using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>Checks <c>spec</c> of <c>autoscaling/v2 HorizontalPodAutoscaler</c>.</summary>
internal static class AutoscalerValidation
{
    private const int MostPeriodSeconds = 1800;
    private const int MostStabilizationSeconds = 3600;

    public static void Validate(Field spec, FieldErrors errors)
    {
        var (least, most) = (spec["minReplicas"], spec["maxReplicas"]);
        if (least.Integer is < 1) errors.Invalid(least, "must be greater than or equal to 1");
        if ((most.Integer ?? 0) < 1) errors.Invalid(most, most.Integer ?? 0, "must be greater than 0");
        if (least.Integer is { } min && (most.Integer ?? 0) < min) errors.Invalid(most, most.Integer ?? 0, "must be greater than or equal to `minReplicas`");
        Reference(spec["scaleTargetRef"], errors);
        foreach (var metric in spec["metrics"].Items) MetricValidation.Validate(metric, errors);
        Rules(spec["behavior"]["scaleUp"], errors);
        Rules(spec["behavior"]["scaleDown"], errors);
    }

    /// <summary>A <c>CrossVersionObjectReference</c>.</summary>
    public static void Reference(Field reference, FieldErrors errors)
    {
        foreach (var name in (string[])["kind", "name"])
        {
            if (reference[name].Text.Length == 0) errors.Required(reference[name]);
            else PathSegment(reference[name], errors);
        }
    }

    /// <summary>A text that can be a part of a path.</summary>
    public static void PathSegment(Field field, FieldErrors errors)
    {
        if (field.Text is "." or "..") errors.Invalid(field, $"may not be '{field.Text}'");
        foreach (var character in (char[])['/', '%'])
            if (field.Text.Contains(character, StringComparison.Ordinal)) errors.Invalid(field, $"may not contain '{character}'");
    }

    private static void Rules(Field rules, FieldErrors errors)
    {
        if (!rules.Exists) return;
        var window = rules["stabilizationWindowSeconds"];
        if (window.Integer is < 0) errors.Invalid(window, "must be greater than or equal to zero");
        if (window.Integer is > MostStabilizationSeconds) errors.Invalid(window, $"must be less than or equal to {MostStabilizationSeconds}");
        if (rules["selectPolicy"].Exists && rules["selectPolicy"].Text is not ("Disabled" or "Max" or "Min"))
            errors.NotSupported(rules["selectPolicy"], "Disabled", "Max", "Min");
        var any = false;
        foreach (var policy in rules["policies"].Items)
        {
            any = true;
            if (policy["type"].Text is not ("Percent" or "Pods")) errors.NotSupported(policy["type"], "Percent", "Pods");
            Positive(policy["value"], errors);
            Positive(policy["periodSeconds"], errors);
            if (policy["periodSeconds"].Integer is > MostPeriodSeconds) errors.Invalid(policy["periodSeconds"], $"must be less than or equal to {MostPeriodSeconds}");
        }
        if (!any) errors.Required(rules["policies"], "must specify at least one Policy");
        if (!rules["tolerance"].Exists) return;
        if (!Quantity.TryParse(rules["tolerance"].Text, out var tolerance)) errors.Invalid(rules["tolerance"], Quantity.FormatError);
        else if (tolerance.Sign < 0) errors.Invalid(rules["tolerance"], Checks.NotNegative);
    }

    private static void Positive(Field number, FieldErrors errors)
    {
        if ((number.Integer ?? 0) <= 0) errors.Invalid(number, number.Integer ?? 0, "must be greater than zero");
    }
}
