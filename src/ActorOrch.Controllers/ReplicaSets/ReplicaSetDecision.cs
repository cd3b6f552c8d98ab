using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.ReplicaSets;

/// <summary>What a ReplicaSet or ReplicationController sees: itself, the pods it controls, and the pods of its namespace that nobody controls.</summary>
/// <param name="KinOnNode">Active pods on each node of all sets with the same controller; only asked for when pods are to be deleted.</param>
public sealed record ReplicaSetSight(
    StoredObject Set, IReadOnlyList<StoredObject> Controlled, IReadOnlyList<StoredObject> Orphans,
    Func<IReadOnlyDictionary<string, int>> KinOnNode, DateTimeOffset Now);

/// <summary>What it does about it.</summary>
/// <param name="Adopt">Orphans that its selector matches.</param>
/// <param name="Release">Pods of its own that its selector no longer matches.</param>
/// <param name="Create">How many pods are missing.</param>
/// <param name="Delete">Surplus pods, the most dispensable first.</param>
/// <param name="Active">Its replicas before anything is created or deleted.</param>
public sealed record ReplicaSetDecision(
    IReadOnlyList<StoredObject> Adopt, IReadOnlyList<StoredObject> Release, int Create, IReadOnlyList<PodFacts> Delete, IReadOnlyList<PodFacts> Active)
{
    /// <summary>The most pods created or deleted in one run, as upstream's burst.</summary>
    public const int Burst = 500;

    /// <summary>Pure: compares desired with existing replicas. A set that is being deleted only counts.</summary>
    public static ReplicaSetDecision Decide(ReplicaSetSight sight)
    {
        var spec = ReplicaKind.Of(sight.Set).SpecOf(sight.Set);
        var selector = spec.Selector;
        var deleting = sight.Set.Meta.DeletionTimestamp is not null;
        List<StoredObject> adopt = [], release = [];
        List<PodFacts> active = [];
        foreach (var pod in sight.Controlled)
        {
            if (!selector.Matches(pod.Meta.Labels))
            {
                if (!deleting) release.Add(pod);
                continue;
            }
            if (PodFacts.Of(pod) is { Active: true } facts) active.Add(facts);
        }
        if (!deleting)
            foreach (var pod in sight.Orphans)
            {
                if (!selector.Matches(pod.Meta.Labels) || PodFacts.Of(pod) is not { Active: true } facts) continue;
                adopt.Add(pod);
                active.Add(facts);
            }
        var surplus = deleting ? 0 : active.Count - spec.Replicas;
        return new(adopt, release, Math.Clamp(-surplus, 0, Burst), surplus > 0 ? MostDispensable(active, surplus, sight) : [], active);
    }

    /// <summary>The status for these replicas, and when a pod that is ready now becomes available.</summary>
    public static (ReplicaSetStatus Status, TimeSpan? WakeAfter) Count(
        StoredObject obj, IEnumerable<PodFacts> active, ReplicaFailure? failure, DateTimeOffset now)
    {
        var spec = ReplicaKind.Of(obj).SpecOf(obj);
        int replicas = 0, labeled = 0, ready = 0, available = 0;
        TimeSpan? wakeAfter = null;
        foreach (var pod in active)
        {
            replicas++;
            if (Carries(pod.Pod.Meta.Labels, spec.TemplateLabels)) labeled++;
            if (!pod.Ready) continue;
            ready++;
            if (pod.AvailableIn(spec.MinReadySeconds, now) is not { } wait) continue;
            if (wait <= TimeSpan.Zero) available++;
            else if (wakeAfter is null || wait < wakeAfter) wakeAfter = wait;
        }
        return (new(replicas, labeled, ready, available, obj.Meta.Generation, failure), wakeAfter);
    }

    private static List<PodFacts> MostDispensable(List<PodFacts> active, int surplus, ReplicaSetSight sight)
    {
        var ranked = new List<PodFacts>(active);
        if (surplus < ranked.Count) DeletionRanking.Sort(ranked, sight.KinOnNode(), sight.Now);
        var count = Math.Min(surplus, Burst);
        if (count < ranked.Count) ranked.RemoveRange(count, ranked.Count - count);
        return ranked;
    }

    private static bool Carries(IReadOnlyDictionary<string, string> labels, IDictionary<string, string> wanted)
    {
        foreach (var (name, value) in wanted)
            if (!labels.TryGetValue(name, out var actual) || actual != value) return false;
        return true;
    }
}
