using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>Checks a metric of <c>autoscaling/v2</c>.</summary>
internal static class MetricValidation
{
    private const string NoTarget = "must set either a target raw value or a target utilization";
    private const string NoAmount = "must set either a target value for metric or a per-pod target";

    // Upstream names the types in this order.
    private static readonly (string Type, string Field)[] Sources =
        [("ContainerResource", "containerResource"), ("External", "external"), ("Object", "object"), ("Pods", "pods"), ("Resource", "resource")];

    // And looks at the sources in this one: only the first is checked.
    private static readonly string[] Order = ["object", "external", "pods", "containerResource", "resource"];

    public static void Validate(Field metric, FieldErrors errors)
    {
        var type = metric["type"];
        if (type.Text.Length == 0) errors.Required(type, "must specify a metric source type");
        var wanted = Sources.FirstOrDefault(s => s.Type == type.Text).Field;
        if (wanted is null) errors.NotSupported(type, Sources.Select(s => s.Type));
        var present = Order.Where(s => metric[s].Exists).ToList();
        if (present.Count > 0) Source(present[0], metric[present[0]], errors);
        if (wanted is not null && !present.Contains(wanted)) errors.Required(metric[wanted], "must populate information for the given metric source");
        if (present.Count == 1) return;
        foreach (var other in present)
            if (other != wanted) errors.Forbidden(metric[other], "must populate the given metric source only");
    }

    private static void Source(string name, Field source, FieldErrors errors)
    {
        var target = source["target"];
        switch (name)
        {
            case "object":
                AutoscalerValidation.Reference(source["describedObject"], errors);
                Identifier(source["metric"], errors);
                Target(target, errors);
                if (!target["value"].Exists && !target["averageValue"].Exists) errors.Required(target["averageValue"], NoAmount);
                break;
            case "external":
                Identifier(source["metric"], errors);
                Target(target, errors);
                if (!target["value"].Exists && !target["averageValue"].Exists) errors.Required(target["averageValue"], NoAmount);
                if (target["value"].Exists && target["averageValue"].Exists) errors.Forbidden(target["value"], "may not set both a target value for metric and a per-pod target");
                break;
            case "pods":
                Identifier(source["metric"], errors);
                Target(target, errors);
                if (!IsPositive(target["averageValue"])) errors.Required(target["averageValue"], "must specify a positive target averageValue");
                break;
            default:
                Resource(name, source, target, errors);
                break;
        }
    }

    private static void Resource(string name, Field source, Field target, FieldErrors errors)
    {
        if (source["name"].Text.Length == 0) errors.Required(source["name"], "must specify a resource name");
        if (name == "containerResource" && source["container"].Text.Length == 0) errors.Required(source["container"], "must specify a container");
        Target(target, errors);
        if (!target["averageUtilization"].Exists && !target["averageValue"].Exists) errors.Required(target["averageUtilization"], NoTarget);
        if (target["averageUtilization"].Exists && target["averageValue"].Exists)
            errors.Forbidden(target["averageValue"], "may not set both a target raw value and a target utilization");
    }

    private static void Identifier(Field metric, FieldErrors errors)
    {
        if (metric["name"].Text.Length == 0) errors.Required(metric["name"], "must specify a metric name");
        else AutoscalerValidation.PathSegment(metric["name"], errors);
        LabelSelectorValidation.Validate(metric["selector"], errors);
    }

    private static void Target(Field target, FieldErrors errors)
    {
        if (target["type"].Text.Length == 0) errors.Required(target["type"], "must specify a metric target type");
        if (target["type"].Text is not ("Utilization" or "Value" or "AverageValue"))
            errors.Invalid(target["type"], target["type"].Text, "must be either Utilization, Value, or AverageValue");
        foreach (var name in (string[])["value", "averageValue"])
            if (target[name].Exists && !IsPositive(target[name])) errors.Invalid(target[name], "must be positive");
        if (target["averageUtilization"].Integer is < 1) errors.Invalid(target["averageUtilization"], "must be greater than 0");
    }

    private static bool IsPositive(Field quantity) => Quantity.TryParse(quantity.Text, out var amount) && amount.Sign > 0;
}
