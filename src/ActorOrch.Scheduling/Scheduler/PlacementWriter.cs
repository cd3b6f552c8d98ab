using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Deciding;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>A pod as it was read, and the node it is to get.</summary>
internal sealed record Binding(StoredObject Pod, string Node);

/// <summary>What became of a batch of bindings.</summary>
/// <param name="Lost">Pods that were deleted, were bound by someone else, or are terminating.</param>
/// <param name="Open">The store did not answer: to be tried again.</param>
internal sealed record BindingsWritten(IReadOnlyList<Binding> Bound, IReadOnlyList<StoredObject> Lost, IReadOnlyList<Binding> Open);

/// <summary>Writes decisions to the pods collection, a batch in one message, and again where a pod was changed by someone else meanwhile.</summary>
internal sealed class PlacementWriter(ICollection pods, TimeProvider time)
{
    // Each round only has those left that someone else wrote in between; beyond this something is amiss, and the next decision sees it.
    private const int MostRounds = 10;

    internal async Task<BindingsWritten> BindAsync(IReadOnlyList<Binding> bindings, CancellationToken cancel)
    {
        var (bound, lost) = (new List<Binding>(bindings.Count), new List<StoredObject>());
        for (var round = 0; bindings.Count > 0 && round < MostRounds; round++)
        {
            var now = time.GetUtcNow();
            var results = await pods.WriteAsync(bindings.Select(b => new Write.Replace(PodScheduledCondition.Bound(b.Pod, b.Node, now), b.Pod.Revision)).ToArray<Write>(), cancel);
            var again = new List<Binding>();
            for (var i = 0; i < results.Count; i++)
            {
                var (binding, result) = (bindings[i], results[i]);
                if (result is { Outcome: WriteOutcome.Committed, Object: { } stored }) bound.Add(binding with { Pod = stored });
                else if (result.Outcome == WriteOutcome.Unavailable) again.Add(binding);
                else if (StillWaits(binding.Pod, result) is { } current) again.Add(binding with { Pod = current });
                else lost.Add(binding.Pod);
            }
            bindings = again;
            if (results.Any(r => r.Outcome == WriteOutcome.Unavailable)) break;
        }
        return new(bound, lost, bindings);
    }

    /// <summary>Writes the condition of pods that fit nowhere. What cannot be written is said again with the next verdict.</summary>
    internal async Task RefuseAsync(IReadOnlyList<(StoredObject Pod, string Message)> refused, CancellationToken cancel)
    {
        for (var round = 0; refused.Count > 0 && round < MostRounds; round++)
        {
            var now = time.GetUtcNow();
            var writes = new List<Write>();
            var written = new List<(StoredObject Pod, string Message)>();
            foreach (var (pod, message) in refused)
            {
                if (PodScheduledCondition.Unschedulable(pod, message, now) is not { } draft) continue;
                writes.Add(new Write.Replace(draft, pod.Revision));
                written.Add((pod, message));
            }
            if (writes.Count == 0) return;
            var results = await pods.WriteAsync(writes, cancel);
            var again = new List<(StoredObject Pod, string Message)>();
            for (var i = 0; i < results.Count; i++)
                if (StillWaits(written[i].Pod, results[i]) is { } current) again.Add((current, written[i].Message));
            refused = again;
        }
    }

    // The newer version of a pod whose write was refused, if it is the same pod and still without a node.
    private static StoredObject? StillWaits(StoredObject pod, WriteResult result) =>
        result is { Outcome: WriteOutcome.Conflict, Object: { } current } && current.Uid == pod.Uid && PendingPodReader.Waits(current) ? current : null;
}
