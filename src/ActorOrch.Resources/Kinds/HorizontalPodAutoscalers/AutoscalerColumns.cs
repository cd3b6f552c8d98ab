using System.Globalization;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>The columns of <c>kubectl get horizontalpodautoscalers</c>.</summary>
internal static class AutoscalerColumns
{
    private const string Unknown = "<unknown>";
    private const int MostMetrics = 2;

    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V2HorizontalPodAutoscaler>("Reference", a => $"{a.Spec?.ScaleTargetRef?.Kind}/{a.Spec?.ScaleTargetRef?.Name}"),
        ColumnSet.Of<V2HorizontalPodAutoscaler>("Targets", Targets),
        ColumnSet.Of<V2HorizontalPodAutoscaler>("MinPods", a => a.Spec?.MinReplicas?.ToString(CultureInfo.InvariantCulture) ?? "<unset>"),
        ColumnSet.Of<V2HorizontalPodAutoscaler>("MaxPods", a => (long)(a.Spec?.MaxReplicas ?? 0)),
        ColumnSet.Of<V2HorizontalPodAutoscaler>("Replicas", a => (long)(a.Status?.CurrentReplicas ?? 0)),
        ColumnSet.Age,
    ];

    private static string Targets(V2HorizontalPodAutoscaler autoscaler)
    {
        if (autoscaler.Spec?.Metrics is not { Count: > 0 } specs) return ColumnSet.None;
        var statuses = autoscaler.Status?.CurrentMetrics ?? [];
        var shown = specs.Take(MostMetrics).Select((spec, i) => Target(spec, i < statuses.Count ? statuses[i] : null));
        var text = string.Join(", ", shown);
        return specs.Count > MostMetrics ? $"{text} + {specs.Count - MostMetrics} more..." : text;
    }

    private static string Target(V2MetricSpec spec, V2MetricStatus? status) => spec.Type switch
    {
        "External" => Amount(spec.External?.Target, status?.External?.Current, perPod: " (avg)"),
        "Pods" => $"{Text(status?.Pods?.Current?.AverageValue)}/{Text(spec.Pods?.Target?.AverageValue)}",
        "Object" => Amount(spec.ObjectProperty?.Target, status?.ObjectProperty?.Current, perPod: " (avg)"),
        "Resource" => $"{spec.Resource?.Name}: {Usage(spec.Resource?.Target, status?.Resource?.Current)}",
        "ContainerResource" => $"{spec.ContainerResource?.Name}: {Usage(spec.ContainerResource?.Target, status?.ContainerResource?.Current)}",
        _ => "<unknown type>",
    };

    private static string Amount(V2MetricTarget? target, V2MetricValueStatus? current, string perPod) => target?.AverageValue is { } average
        ? $"{Text(current?.AverageValue)}/{average}{perPod}"
        : $"{Text(current?.Value)}/{Text(target?.Value)}";

    private static string Usage(V2MetricTarget? target, V2MetricValueStatus? current) => target?.AverageValue is { } average
        ? $"{Text(current?.AverageValue)}/{average}"
        : $"{Percent(current?.AverageUtilization, Unknown)}/{Percent(target?.AverageUtilization, "<auto>")}";

    private static string Text(ResourceQuantity? quantity) => quantity?.ToString() ?? Unknown;

    private static string Percent(int? percent, string absent) => percent is { } number ? $"{number.ToString(CultureInfo.InvariantCulture)}%" : absent;
}
