namespace ActorOrch.Scheduling.Relations;

/// <summary>One <c>TopologySpreadConstraint</c> of a pod, its selector resolved.</summary>
/// <param name="MinDomains">Below so many domains, the fewest pods of a domain count as none; 1 where it is not said.</param>
/// <param name="HonorsAffinity">Nodes that the pod's node affinity and selector rule out do not count.</param>
/// <param name="HonorsTaints">Nodes with taints that the pod does not tolerate do not count.</param>
public sealed record SpreadConstraint(
    PodSelector Selector, string TopologyKey, int MaxSkew, int MinDomains, bool HonorsAffinity, bool HonorsTaints);

/// <summary>A wish to be near the pods of a selector, or, with a weight below zero, away from them.</summary>
public sealed record PodPreference(PodSelector Selector, string TopologyKey, int Weight);

/// <summary>What a pod asks of the pods around it.</summary>
public sealed class OwnTerms
{
    /// <summary>The pods that match all terms of its required affinity; null without such terms.</summary>
    public PodSelector? Affinity { get; init; }

    /// <summary>Each topology in which one of them must be there.</summary>
    public IReadOnlyList<string> AffinityKeys { get; init; } = [];

    public IReadOnlyList<(PodSelector Selector, string TopologyKey)> AntiAffinity { get; init; } = [];
    public IReadOnlyList<PodPreference> Preferred { get; init; } = [];

    /// <summary><c>DoNotSchedule</c>.</summary>
    public IReadOnlyList<SpreadConstraint> Hard { get; init; } = [];

    /// <summary><c>ScheduleAnyway</c>.</summary>
    public IReadOnlyList<SpreadConstraint> Soft { get; init; } = [];

    /// <summary>What it says to others once it is placed.</summary>
    public IReadOnlyList<PodTerm> Carried { get; init; } = [];

    internal IEnumerable<PodSelector> Selectors =>
        (Affinity is null ? [] : new[] { Affinity }).Concat(AntiAffinity.Select(a => a.Selector)).Concat(Hard.Concat(Soft).Select(c => c.Selector))
            .Concat(Carried.Select(t => t.Selector));

    /// <summary>Whether pods that come may be what it waits for.</summary>
    public bool WaitsForPods => Affinity is not null || Hard.Count > 0;
}

/// <summary>How pods of one shape and others depend on each other.</summary>
/// <param name="Own">What they ask; null where they ask nothing.</param>
/// <param name="Matched">The selectors, whoever has them, that such a pod matches; by their number.</param>
public sealed record PodRelations(OwnTerms? Own, IReadOnlyList<PodSelector> Matched);
