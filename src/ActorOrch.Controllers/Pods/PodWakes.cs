using ActorOrch.Controllers.Nodes.Assignments;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Pods;

/// <summary>Which changes concern a PodActor: few, so that the ordinary life of a hundred thousand pods wakes none of them.</summary>
internal static class PodWakes
{
    /// <summary>A pod that was just bound, or is being deleted, where its node cannot or should not keep it.</summary>
    internal static IEnumerable<ObjectKey> OfPod(Change change, ICollection nodes)
    {
        if (change.Kind == ChangeKind.Deleted) return [];
        var pod = change.Object;
        var terminating = pod.Meta.DeletionTimestamp is not null;
        if (change.Previous is { } before && terminating == before.Meta.DeletionTimestamp is not null
            && PodBytes.Of(before).NodeName.Length > 0) return [];
        var nodeName = PodBytes.Of(pod).NodeName;
        if (nodeName.Length == 0) return terminating ? [pod.Key] : [];
        var node = nodes.Latest.Get(ObjectKey.ClusterScoped(nodeName));
        return node is null || NodeFacts.MayDriveAway(node) ? [pod.Key] : [];
    }

    /// <summary>All pods of a node that was deleted, or that has or had a taint with the effect NoExecute.</summary>
    internal static IEnumerable<ObjectKey> OfNode(Change change, ICollection pods)
    {
        var concerns = change.Kind == ChangeKind.Deleted
            || (NodeFacts.MayDriveAway(change.Object) && (change.Previous is null || TaintsDiffer(change)))
            || (change.Previous is { } before && NodeFacts.MayDriveAway(before) && TaintsDiffer(change));
        return concerns ? pods.Lookup(Indexes.NodeName, change.Key.Name).Select(p => p.Key) : [];
    }

    private static bool TaintsDiffer(Change change) => !PodBytes.Of(change.Object).Spec.Span.SequenceEqual(PodBytes.Of(change.Previous!).Spec.Span);
}
