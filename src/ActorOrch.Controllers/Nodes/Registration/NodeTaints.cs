using System.Text.Json.Nodes;
using ActorOrch.Resources.Kinds.Nodes;

namespace ActorOrch.Controllers.Nodes.Registration;

/// <summary>A taint that was put on a node or taken off it.</summary>
internal sealed record TaintChange(string Key, string Effect, bool Added);

/// <summary>The taints that follow from a node's conditions and from a cordon, as upstream's node lifecycle controller sets them. Others are the user's.</summary>
internal static class NodeTaints
{
    internal const string NotReady = "node.kubernetes.io/not-ready";
    internal const string Unreachable = "node.kubernetes.io/unreachable";
    internal const string Unschedulable = "node.kubernetes.io/unschedulable";

    private static readonly (string Condition, string Key)[] Pressures =
    [
        ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", "node.kubernetes.io/disk-pressure"),
        ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
        ("PIDPressure", "node.kubernetes.io/pid-pressure"),
    ];

    /// <summary>
    /// Brings the taints of <paramref name="node"/> into line with its conditions. Without <paramref name="mayEvict"/>, none is left
    /// that would drive pods away.
    /// </summary>
    internal static IReadOnlyList<TaintChange> Adjust(JsonObject node, bool mayEvict, DateTimeOffset now)
    {
        if (node["spec"] is not JsonObject spec) node["spec"] = spec = [];
        var wanted = Wanted(node, spec, mayEvict);
        var taints = spec["taints"] as JsonArray ?? [];
        var changes = new List<TaintChange>();
        for (var i = taints.Count - 1; i >= 0; i--)
        {
            var (key, effect) = (Conditions.Text(taints[i] as JsonObject, "key") ?? "", Conditions.Text(taints[i] as JsonObject, "effect") ?? "");
            if (wanted.Remove((key, effect)) || !IsOurs(key, effect)) continue;
            taints.RemoveAt(i);
            changes.Add(new(key, effect, Added: false));
        }
        foreach (var (key, effect) in wanted)
        {
            taints.Add(new JsonObject { ["key"] = key, ["effect"] = effect, ["timeAdded"] = Timestamps.Time(now) });
            changes.Add(new(key, effect, Added: true));
        }
        if (taints.Count == 0) spec.Remove("taints");
        else if (taints.Parent is null) spec["taints"] = taints;
        return changes;
    }

    private static HashSet<(string Key, string Effect)> Wanted(JsonObject node, JsonObject spec, bool mayEvict)
    {
        var wanted = new HashSet<(string, string)>();
        var status = node["status"] as JsonObject;
        var readiness = Conditions.StatusOf(status, "Ready") switch
        {
            "True" => null,
            "Unknown" => Unreachable,
            _ => NotReady,
        };
        if (readiness is not null)
        {
            wanted.Add((readiness, Taint.NoSchedule));
            if (mayEvict) wanted.Add((readiness, Taint.NoExecute));
        }
        foreach (var (condition, key) in Pressures)
            if (Conditions.StatusOf(status, condition) == "True") wanted.Add((key, Taint.NoSchedule));
        if (spec["unschedulable"]?.GetValue<bool>() == true) wanted.Add((Unschedulable, Taint.NoSchedule));
        return wanted;
    }

    private static bool IsOurs(string key, string effect) => effect switch
    {
        Taint.NoExecute => key is NotReady or Unreachable,
        Taint.NoSchedule => key is NotReady or Unreachable or Unschedulable || Pressures.Any(p => p.Key == key),
        _ => false,
    };
}
