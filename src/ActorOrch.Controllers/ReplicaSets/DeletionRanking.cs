using System.Numerics;

namespace ActorOrch.Controllers.ReplicaSets;

/// <summary>Which pods of a set are deleted first when there are too many: upstream's order (<c>ActivePodsWithRanks</c>).</summary>
public static class DeletionRanking
{
    /// <summary>
    /// Sorts so that the pods to delete come first: not yet assigned; Pending before Unknown before Running; not ready; cheaper by
    /// pod-deletion-cost; on nodes with more of its kin; ready for a shorter time; restarted more often; newer.
    /// </summary>
    /// <param name="kinOnNode">How many active pods of the same owner's sets run on each node.</param>
    public static void Sort(List<PodFacts> pods, IReadOnlyDictionary<string, int> kinOnNode, DateTimeOffset now) =>
        pods.Sort((a, b) => Compare(a, b, kinOnNode, now));

    private static int Compare(PodFacts a, PodFacts b, IReadOnlyDictionary<string, int> kinOnNode, DateTimeOffset now)
    {
        if (a.NodeName != b.NodeName && (a.NodeName.Length == 0 || b.NodeName.Length == 0)) return a.NodeName.Length == 0 ? -1 : 1;
        if (PhaseRank(a) is var phaseA && PhaseRank(b) is var phaseB && phaseA != phaseB) return phaseA - phaseB;
        if (a.Ready != b.Ready) return a.Ready ? 1 : -1;
        if (a.DeletionCost != b.DeletionCost) return a.DeletionCost.CompareTo(b.DeletionCost);
        var (kinA, kinB) = (kinOnNode.GetValueOrDefault(a.NodeName), kinOnNode.GetValueOrDefault(b.NodeName));
        if (kinA != kinB) return kinB - kinA;
        if (a.Ready && b.Ready && a.ReadySince != b.ReadySince) return CompareAges(a, b, a.ReadySince, b.ReadySince, now);
        if (a.Restarts != b.Restarts) return b.Restarts - a.Restarts;
        if (a.Pod.Meta.CreationTimestamp != b.Pod.Meta.CreationTimestamp)
            return CompareAges(a, b, a.Pod.Meta.CreationTimestamp, b.Pod.Meta.CreationTimestamp, now);
        return string.CompareOrdinal(a.Pod.Uid, b.Pod.Uid);
    }

    private static int PhaseRank(PodFacts pod) => pod.Phase switch
    {
        "Pending" or "" => 0,
        "Unknown" => 1,
        _ => 2,
    };

    // Ages of the same power of two count as equal, and the uid decides: a set that was scaled up at once is thinned out at random.
    private static int CompareAges(PodFacts a, PodFacts b, DateTimeOffset? sinceA, DateTimeOffset? sinceB, DateTimeOffset now)
    {
        if (sinceA is null || sinceB is null) return sinceA is null ? -1 : 1;
        var difference = Magnitude(now - sinceA.Value) - Magnitude(now - sinceB.Value);
        return difference != 0 ? difference : string.CompareOrdinal(a.Pod.Uid, b.Pod.Uid);
    }

    private static int Magnitude(TimeSpan age) => age <= TimeSpan.Zero ? -1 : BitOperations.Log2((ulong)age.Ticks * TimeSpan.NanosecondsPerTick);
}
