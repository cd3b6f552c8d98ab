using ActorOrch.Resources.Numbers;

namespace ActorOrch.Controllers.Deployments;

/// <summary>How a change of a Deployment's replicas is spread over its ReplicaSets, mid-rollout or while it is paused. Pure.</summary>
public static class ProportionalScaling
{
    /// <summary>The size of each set that is concerned; upstream's <c>scale</c>.</summary>
    public static IEnumerable<(ReplicaSetView Set, int Replicas)> Sizes(DeploymentView deployment, ReplicaSetView? current, IReadOnlyList<ReplicaSetView> old)
    {
        // Growing has to wait until the surplus pods are removed, or there would be too many for a moment.
        var mayGrow = (current?.Settled ?? true) && old.All(s => s.Settled);
        var all = current is null ? [.. old] : old.Append(current).ToList();
        var active = all.FindAll(s => s.Active);
        if (active.Count <= 1)
        {
            var only = active.Count == 1 ? active[0] : current ?? old.OrderByDescending(s => s.Created).FirstOrDefault();
            if (only is null || (only.Replicas < deployment.Replicas && !mayGrow)) return [];
            return [(only, deployment.Replicas)];
        }
        if (current is not null && IsSaturated(deployment, current)) return old.Where(s => s.Active).Select(s => (s, 0));
        return Spread(deployment, active, mayGrow);
    }

    private static bool IsSaturated(DeploymentView deployment, ReplicaSetView set) =>
        set.Replicas == deployment.Replicas
        && RolloutAnnotations.Number(set.Annotations, RolloutAnnotations.DesiredReplicas) == deployment.Replicas
        && set.AvailableReplicas == deployment.Replicas;

    private static List<(ReplicaSetView Set, int Replicas)> Spread(DeploymentView deployment, List<ReplicaSetView> active, bool mayGrow)
    {
        var allowed = deployment.Replicas > 0 ? deployment.MostPods : 0;
        var toAdd = allowed - active.Sum(s => (long)s.Replicas);
        if (toAdd > 0 && !mayGrow) return [];
        var bySize = toAdd > 0
            ? active.OrderByDescending(s => s.Replicas).ThenByDescending(s => s.Created)
            : active.OrderByDescending(s => s.Replicas).ThenBy(s => s.Created);
        var sizes = new List<(ReplicaSetView Set, int Replicas)>();
        var added = 0L;
        foreach (var set in bySize)
        {
            var share = Share(deployment, set, toAdd - added, toAdd);
            sizes.Add((set, Saturating.ToInt32(set.Replicas + share)));
            added += share;
        }
        // What rounding left over goes to the largest.
        var (largest, size) = sizes[0];
        sizes[0] = (largest, Saturating.ToInt32(Math.Max(0, size + toAdd - added)));
        return sizes;
    }

    private static long Share(DeploymentView deployment, ReplicaSetView set, long left, long toAdd)
    {
        if (left == 0) return 0;
        var share = Fraction(deployment, set);
        // All sets move the same way: one that grew while another had yet to shrink would exceed the bounds for a moment.
        return toAdd > 0 ? Math.Clamp(share, 0, left) : Math.Clamp(share, left, 0);
    }

    /// <summary>What the set would gain or lose if it kept its part of the whole.</summary>
    private static long Fraction(DeploymentView deployment, ReplicaSetView set)
    {
        if (deployment.Replicas == 0) return -(long)set.Replicas;
        var whole = RolloutAnnotations.Number(set.Annotations, RolloutAnnotations.MaxReplicas) ?? deployment.Status.Replicas;
        if (whole == 0) return 0;
        var size = (double)set.Replicas * deployment.MostPods / whole;
        return (long)Math.Clamp(Math.Round(size, MidpointRounding.AwayFromZero), 0, int.MaxValue) - set.Replicas;
    }
}
