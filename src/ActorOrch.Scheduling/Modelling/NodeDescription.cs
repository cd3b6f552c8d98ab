using System.Text.Json;
using ActorOrch.Resources.Kinds.Nodes;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>What placing pods needs to know of a Node object.</summary>
/// <param name="AllowedPods"><c>status.allocatable.pods</c>.</param>
public sealed record NodeDescription(
    string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Taint> Taints, bool Unschedulable, ResourceAmounts Allocatable, long AllowedPods)
{
    public static NodeDescription Read(StoredObject node)
    {
        using var document = JsonDocument.Parse(node.Json);
        var root = document.RootElement;
        var hasSpec = root.TryGetProperty("spec", out var spec);
        var allocatable = root.TryGetProperty("status", out var status) && status.TryGetProperty("allocatable", out var list) ? list : default;
        return new(
            node.Key.Name,
            node.Meta.Labels,
            hasSpec ? Taint.ReadAll(spec) : [],
            hasSpec && spec.TryGetProperty("unschedulable", out var flag) && flag.ValueKind == JsonValueKind.True,
            ResourceAmounts.Read(allocatable),
            allocatable.ValueKind == JsonValueKind.Object && allocatable.TryGetProperty("pods", out var pods) ? Quantity.Parse(pods.ToString()).Value : 0);
    }

    /// <summary>Whether anything differs that placing depends on; most changes of a Node are heartbeats.</summary>
    public bool SameAs(NodeDescription other) =>
        Unschedulable == other.Unschedulable && AllowedPods == other.AllowedPods
        && Taints.SequenceEqual(other.Taints)
        && SameMap(Labels, other.Labels)
        && Allocatable.MilliCpu == other.Allocatable.MilliCpu && Allocatable.Memory == other.Allocatable.Memory
        && Allocatable.EphemeralStorage == other.Allocatable.EphemeralStorage && SameMap(Allocatable.Extended, other.Allocatable.Extended);

    private static bool SameMap<T>(IReadOnlyDictionary<string, T> a, IReadOnlyDictionary<string, T> b) =>
        a.Count == b.Count && a.All(entry => b.TryGetValue(entry.Key, out var value) && EqualityComparer<T>.Default.Equals(value, entry.Value));
}
