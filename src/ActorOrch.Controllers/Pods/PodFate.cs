using ActorOrch.Resources.Kinds.Nodes;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Controllers.Pods;

/// <summary>What is to be done about a pod, and why.</summary>
internal abstract record PodAction
{
    /// <summary>Nothing, until something changes.</summary>
    internal sealed record None : PodAction;

    /// <summary>Look again later.</summary>
    internal sealed record Wait(TimeSpan For, string Why) : PodAction;

    /// <summary>Delete it with its own grace: a taint drives it away.</summary>
    internal sealed record Evict : PodAction;

    /// <summary>Delete it at once: nobody is left who would end it.</summary>
    /// <param name="NodeGone">Its Node was deleted, so that nothing more will be heard of it: it has failed.</param>
    internal sealed record Collect(bool NodeGone) : PodAction;
}

/// <summary>When a pod is evicted or removed (upstream's taint eviction controller and pod garbage collector).</summary>
internal static class PodFate
{
    private const string OutOfService = "node.kubernetes.io/out-of-service";

    /// <param name="node">Null where there is no such Node object.</param>
    /// <param name="missingSince">Since when the Node object has been seen missing.</param>
    /// <param name="toleratedSince">Since when taints without a time of their own have been seen.</param>
    /// <param name="freshSince">Since when this process has been able to hear agents, grace included: no toleration starts earlier.</param>
    internal static PodAction Decide(
        PodFacts pod, NodeFacts? node, DateTimeOffset now, DateTimeOffset missingSince, DateTimeOffset toleratedSince, DateTimeOffset freshSince,
        TimeSpan orphanGrace)
    {
        if (pod.NodeName.Length == 0) return pod.Terminating ? Collect(pod, nodeGone: false) : new PodAction.None();
        if (node is null)
        {
            var left = missingSince.After(orphanGrace) - now;
            return left > TimeSpan.Zero ? new PodAction.Wait(left, "its node is gone") : Collect(pod, nodeGone: true);
        }
        if (pod.Terminating)
            return !node.Ready && node.Taints.Any(t => t.Key == OutOfService) ? Collect(pod, nodeGone: false) : new PodAction.None();
        return EvictionTime(pod, node, toleratedSince, freshSince) switch
        {
            null => new PodAction.None(),
            { } at when at <= now => new PodAction.Evict(),
            { } at => new PodAction.Wait(at - now, "its toleration runs out"),
        };
    }

    /// <summary>When a taint drives the pod away; null: never.</summary>
    private static DateTimeOffset? EvictionTime(PodFacts pod, NodeFacts node, DateTimeOffset toleratedSince, DateTimeOffset freshSince)
    {
        DateTimeOffset? earliest = null;
        foreach (var taint in node.Taints)
        {
            if (taint.Effect != Taint.NoExecute) continue;
            var tolerations = pod.Tolerations.Where(t => t.Tolerates(taint)).ToArray();
            // Taints with a time are the system's own judgement of the node's health, which wants a fresh look after a start.
            var since = taint.Added is { } added ? Latest(added, pod.Created, freshSince) : toleratedSince;
            var limited = tolerations.Where(t => t.Seconds is not null).ToArray();
            if (tolerations.Length > 0 && limited.Length == 0) continue;
            var at = tolerations.Length == 0 ? since : since.After(Math.Max(0, limited.Min(t => t.Seconds!.Value)));
            if (earliest is null || at < earliest) earliest = at;
        }
        return earliest;
    }

    // Held by finalizers, and deleted without grace already: nothing is left to do.
    private static PodAction Collect(PodFacts pod, bool nodeGone) =>
        pod is { Terminating: true, DeletionGraceSeconds: 0 } ? new PodAction.None() : new PodAction.Collect(nodeGone);

    private static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var latest = times[0];
        foreach (var time in times)
            if (time > latest) latest = time;
        return latest;
    }
}
