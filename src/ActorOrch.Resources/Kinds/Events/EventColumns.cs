using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Events;

/// <summary>The columns of <c>kubectl get events</c>. An event reported through the newer API tells its times and count in other fields.</summary>
internal static class EventColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        new("Last Seen", "string", (obj, now) => HumanDuration.Since(LastSeen(obj.As<Corev1Event>()), now)),
        ColumnSet.Of<Corev1Event>("Type", e => e.Type),
        ColumnSet.Of<Corev1Event>("Reason", e => e.Reason),
        ColumnSet.Of<Corev1Event>("Object", Target),
        ColumnSet.Wide<Corev1Event>("Subobject", e => e.InvolvedObject?.FieldPath ?? ""),
        ColumnSet.Wide<Corev1Event>("Source", Source),
        ColumnSet.Of<Corev1Event>("Message", e => e.Message?.Trim()),
        new("First Seen", "string", (obj, now) => HumanDuration.Since(FirstSeen(obj.As<Corev1Event>()), now)) { Priority = 1 },
        ColumnSet.Wide<Corev1Event>("Count", e => (long)(e.Series?.Count ?? (e.Count is { } count and > 0 ? count : 1)), "integer"),
        ColumnSet.Name with { Priority = 1 },
    ];

    private static DateTimeOffset? FirstSeen(Corev1Event e) => Time(e.FirstTimestamp) ?? Time(e.EventTime);

    private static DateTimeOffset? LastSeen(Corev1Event e) => Time(e.Series?.LastObservedTime) ?? Time(e.LastTimestamp) ?? FirstSeen(e);

    private static DateTimeOffset? Time(DateTime? time) => time is { } t ? new DateTimeOffset(t.ToUniversalTime(), TimeSpan.Zero) : null;

    private static string Target(Corev1Event e)
    {
        var kind = e.InvolvedObject?.Kind?.ToLowerInvariant() ?? "";
        return string.IsNullOrEmpty(e.InvolvedObject?.Name) ? kind : $"{kind}/{e.InvolvedObject.Name}";
    }

    private static string Source(Corev1Event e)
    {
        var component = string.IsNullOrEmpty(e.Source?.Component) ? e.ReportingComponent : e.Source.Component;
        var instance = string.IsNullOrEmpty(e.Source?.Host) ? e.ReportingInstance : e.Source.Host;
        return string.IsNullOrEmpty(instance) ? component ?? "" : $"{component}, {instance}";
    }
}
