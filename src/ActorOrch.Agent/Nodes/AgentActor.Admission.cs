using ActorOrch.Agent.Nodes.Admission;
using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Statuses;
using k8s.Models;

namespace ActorOrch.Agent.Nodes;

/// <summary>Whether a pod fits the node beside those that it has admitted.</summary>
internal sealed partial class AgentActor
{
    private readonly NodeRoom _room = new();
    private readonly NodeFacts _facts;

    /// <summary>Why the node does not take the pod, else null: then it counts from now on, until it has ended or was removed.</summary>
    /// <param name="runs">Some of it is on the machine already: it was taken before.</param>
    private Rejection? Admit(V1Pod pod, byte[] json, bool runs)
    {
        if (PodPhases.IsLast(pod.Status?.Phase)) return null;
        var shape = _room.ShapeOf(json);
        var taken = runs || pod.Metadata.DeletionTimestamp is not null;
        if (!taken && _room.Refusal(shape, _facts.Describe(_nodeJson), IsScheduled(pod)) is { } refusal) return refusal;
        _room.Take(pod.Metadata.Uid, shape);
        return null;
    }

    /// <summary>A binding says so before any node has seen the pod.</summary>
    internal static bool IsScheduled(V1Pod pod) => pod.Status?.Conditions?.Any(c => c is { Type: "PodScheduled", Status: "True" }) == true;
}
