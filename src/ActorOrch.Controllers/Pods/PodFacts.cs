using System.Text.Json;
using ActorOrch.Resources.Kinds.Nodes;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Pods;

/// <summary>What decides whether a pod is evicted or removed.</summary>
internal sealed record PodFacts(
    string NodeName, DateTimeOffset Created, bool Terminating, long? DeletionGraceSeconds, IReadOnlyList<Toleration> Tolerations)
{
    internal static PodFacts Of(StoredObject pod)
    {
        using var document = JsonDocument.Parse(pod.Json);
        var spec = document.RootElement.TryGetProperty("spec", out var found) ? found : default;
        var node = spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("nodeName", out var name) ? name.GetString() ?? "" : "";
        return new(
            node, pod.Meta.CreationTimestamp, pod.Meta.DeletionTimestamp is not null, pod.Meta.DeletionGracePeriodSeconds,
            spec.ValueKind == JsonValueKind.Object ? Toleration.ReadAll(spec) : []);
    }
}

/// <summary>What of a node drives pods away.</summary>
internal sealed record NodeFacts(bool Ready, IReadOnlyList<Taint> Taints)
{
    internal static NodeFacts Of(StoredObject node)
    {
        using var document = JsonDocument.Parse(node.Json);
        return new(
            Nodes.Health.NodeReadiness.IsReady(node),
            document.RootElement.TryGetProperty("spec", out var spec) ? Taint.ReadAll(spec) : []);
    }

    /// <summary>Whether any taint may drive pods away; looks at the bytes only, so it may say yes too often.</summary>
    internal static bool MayDriveAway(StoredObject node) =>
        node.Json.AsSpan().IndexOf("\"NoExecute\""u8) >= 0 || node.Json.AsSpan().IndexOf("\"node.kubernetes.io/out-of-service\""u8) >= 0;
}
