using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Deciding;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>What follows from the scheduler's journal: rounds so far, placements that are not seen bound, and why pods wait.</summary>
internal sealed class SchedulerState
{
    private readonly Dictionary<string, Placement> _open = [];
    private readonly Dictionary<ObjectKey, (string Uid, DateTimeOffset At, Refusal Refusal)> _waiting = [];

    internal long Number { get; private set; }

    internal IReadOnlyCollection<Placement> Open => _open.Values;

    internal bool IsOpen(string uid) => _open.ContainsKey(uid);

    internal void Apply(PlacementsDecided decided)
    {
        Number = decided.Number;
        foreach (var placement in decided.Placements)
        {
            _open[placement.Uid] = placement;
            _waiting.Remove(placement.Pod);
        }
        foreach (var refusal in decided.Refusals) Wait(decided.At, refusal);
    }

    internal void Restore(SchedulerMemory memory)
    {
        Number = memory.Number;
        foreach (var placement in memory.Open) _open[placement.Uid] = placement;
        foreach (var (at, refusal) in memory.Waiting) Wait(at, refusal);
    }

    internal SchedulerMemory Remember() => new(Number, [.. _open.Values],
        [.. _waiting.GroupBy(w => (w.Value.At, w.Value.Refusal), w => (w.Key, w.Value.Uid))
            .Select(g => (g.Key.At, g.Key.Refusal with { Pods = [.. g] }))]);

    /// <summary>Whether the pod has been told this already.</summary>
    internal bool Knows(PendingPod pod, Verdict verdict) =>
        _waiting.TryGetValue(pod.Key, out var told) && told.Uid == pod.Uid && told.Refusal.Message == verdict.Message;

    /// <summary>The placement is done, or nothing will come of it.</summary>
    internal void Close(string uid) => _open.Remove(uid);

    /// <summary>The pod no longer waits for a node.</summary>
    internal void Forget(ObjectKey pod) => _waiting.Remove(pod);

    /// <summary>Drops what is known of pods that no longer wait: nothing is journaled when a pod is deleted.</summary>
    internal void KeepOnly(Func<ObjectKey, string, bool> waits)
    {
        foreach (var (key, told) in _waiting)
            if (!waits(key, told.Uid)) _waiting.Remove(key);
    }

    internal PodDecision Answer(ObjectKey pod)
    {
        if (_waiting.TryGetValue(pod, out var told)) return new(pod, told.At, null, told.Refusal.Message);
        return new(pod, null, _open.Values.FirstOrDefault(p => p.Pod == pod)?.Node, null);
    }

    private void Wait(DateTimeOffset at, Refusal refusal)
    {
        foreach (var (pod, uid) in refusal.Pods) _waiting[pod] = (uid, at, refusal);
    }
}
