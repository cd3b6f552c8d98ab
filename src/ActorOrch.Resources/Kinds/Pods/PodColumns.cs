using System.Globalization;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>The columns of <c>kubectl get pods</c>.</summary>
internal static class PodColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        new("Ready", "string", (obj, _) => PodSummary.Of(obj.As<V1Pod>()).ReadyText)
        {
            Description = "The aggregate readiness state of this pod for accepting traffic.",
        },
        new("Status", "string", (obj, _) => PodSummary.Of(obj.As<V1Pod>()).Reason)
        {
            Description = "The aggregate status of the containers in this pod.",
        },
        new("Restarts", "string", (obj, now) => Restarts(PodSummary.Of(obj.As<V1Pod>()), now))
        {
            Description = "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
        },
        ColumnSet.Age,
        ColumnSet.Wide<V1Pod>("IP", p => p.Status?.PodIPs is { Count: > 0 } ips ? ips[0].Ip : OrNone(p.Status?.PodIP)),
        ColumnSet.Wide<V1Pod>("Node", p => OrNone(p.Spec.NodeName)),
        ColumnSet.Wide<V1Pod>("Nominated Node", p => OrNone(p.Status?.NominatedNodeName)),
        ColumnSet.Wide<V1Pod>("Readiness Gates", Gates),
    ];

    private static string OrNone(string? text) => string.IsNullOrEmpty(text) ? ColumnSet.None : text;

    private static string Restarts(PodSummary summary, DateTimeOffset now)
    {
        var count = summary.Restarts.ToString(CultureInfo.InvariantCulture);
        return summary.Restarts > 0 && summary.LastRestart is { } last ? $"{count} ({HumanDuration.Since(last, now)} ago)" : count;
    }

    private static string Gates(V1Pod pod)
    {
        if (pod.Spec.ReadinessGates is not { Count: > 0 } gates) return ColumnSet.None;
        var met = gates.Count(g => pod.Status?.Conditions?.Any(c => c.Type == g.ConditionType && c.Status == "True") == true);
        return string.Create(CultureInfo.InvariantCulture, $"{met}/{gates.Count}");
    }
}
