using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>
/// Between <c>autoscaling/v2</c>, which is stored, and <c>v1</c>, which has a field for one metric, the utilization of the CPU, and keeps all else
/// in annotations, by the names and in the form that upstream has for them.
/// </summary>
internal sealed class AutoscalerV1Conversion : IVersionConversion
{
    private const string CpuTarget = "targetCPUUtilizationPercentage";
    private const string CpuCurrent = "currentCPUUtilizationPercentage";

    public void FromStorage(JsonObject document)
    {
        AutoscalerAnnotations.Drop(document);
        var (spec, status) = (document.Child("spec"), document.Find("status"));
        var (metrics, current) = (Take(spec, "metrics"), status is null ? null : Take(status, "currentMetrics"));
        if (CpuUtilization(metrics, "target", lastOfAll: false) is { } target) spec[CpuTarget] = target;
        if (status is not null && CpuUtilization(current, "current", lastOfAll: true) is { } used) status[CpuCurrent] = used;

        var others = Others(metrics);
        if (others.Count > 0) AutoscalerAnnotations.Write(document, AutoscalerAnnotations.Metrics, others);
        var statuses = Each(current, MetricShapes.FlatStatus);
        if (statuses.Count > 0) AutoscalerAnnotations.Write(document, AutoscalerAnnotations.CurrentMetrics, statuses);
        if (Take(spec, "behavior") is { } behavior) AutoscalerAnnotations.Write(document, AutoscalerAnnotations.Behavior, GoNames.Capitalized(behavior));
        if (status is not null && Take(status, "conditions") is JsonArray { Count: > 0 } conditions)
            AutoscalerAnnotations.Write(document, AutoscalerAnnotations.Conditions, conditions);
        KeepWhatIsLeftOut(document, metrics, current);
    }

    public void ToStorage(JsonObject document)
    {
        var annotations = new AutoscalerV1Annotations(document);
        var spec = document.Child("spec");
        var cpu = Take(spec, CpuTarget);
        var metrics = annotations.StoredMetrics(cpu) ?? WithCpu(annotations.Metrics ?? [], cpu);
        if (metrics.Count > 0) spec["metrics"] = metrics;
        if (annotations.Behavior is { } behavior) spec["behavior"] = behavior;

        var used = document.Find("status") is { } status ? Take(status, CpuCurrent) : null;
        var current = annotations.StoredCurrentMetrics() ?? annotations.CurrentMetrics;
        if (current is { Count: > 0 }) document.Child("status")["currentMetrics"] = current;
        else if (used is not null) document.Child("status")["currentMetrics"] = new JsonArray(CpuStatus(used));
        if (annotations.Conditions is { Count: > 0 } conditions) document.Child("status")["conditions"] = conditions;
        AutoscalerAnnotations.Drop(document);
    }

    /// <summary>The metrics that <c>v1</c> has no field for, in its own form.</summary>
    internal static JsonArray Others(JsonNode? metrics) => [.. Objects(metrics).Where(m => !IsCpuUtilization(m)).Select(MetricShapes.FlatSpec)];

    /// <summary>What <c>v1</c> says of the CPU.</summary>
    internal static JsonNode? CpuTargetOf(JsonNode? metrics) => CpuUtilization(metrics, "target", lastOfAll: false);

    /// <summary>A list in the other form.</summary>
    internal static JsonArray Each(JsonNode? list, Func<JsonObject, JsonObject> convert) => [.. Objects(list).Select(convert)];

    private static JsonArray WithCpu(JsonArray metrics, JsonNode? cpu)
    {
        if (new Field(cpu, "").Integer is { } utilization) metrics.Add(AutoscalerDefaults.CpuMetric(utilization));
        return metrics;
    }

    private static void KeepWhatIsLeftOut(JsonObject document, JsonNode? metrics, JsonNode? current)
    {
        var kept = new JsonObject();
        var said = WithCpu(Each(Others(metrics), MetricShapes.NestedSpec), CpuTargetOf(metrics));
        if (metrics is JsonArray { Count: > 0 } && !JsonNode.DeepEquals(metrics, said)) kept["metrics"] = metrics;
        if (current is JsonArray { Count: > 0 } && !JsonNode.DeepEquals(current, Each(Each(current, MetricShapes.FlatStatus), MetricShapes.NestedStatus)))
            kept["currentMetrics"] = current;
        if (kept.Count > 0) AutoscalerAnnotations.Write(document, AutoscalerAnnotations.Stored, kept);
    }

    private static bool IsCpu(JsonObject metric) => metric.Text("type") == "Resource" && metric.Find("resource")?.Text("name") == "cpu";

    private static bool IsCpuUtilization(JsonObject metric) => IsCpu(metric) && metric.Find("resource")?.Find("target")?["averageUtilization"] is not null;

    private static JsonNode? CpuUtilization(JsonNode? metrics, string side, bool lastOfAll)
    {
        var all = Objects(metrics).Where(IsCpu).Select(m => m.Find("resource")?.Find(side)?["averageUtilization"]);
        return (lastOfAll ? all.LastOrDefault(u => u is not null) : all.FirstOrDefault())?.DeepClone();
    }

    private static JsonObject CpuStatus(JsonNode utilization) => new()
    {
        ["type"] = "Resource",
        ["resource"] = new JsonObject { ["name"] = "cpu", ["current"] = new JsonObject { ["averageUtilization"] = utilization } },
    };

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static JsonNode? Take(JsonObject from, string name) => from.Remove(name, out var value) ? value : null;
}
