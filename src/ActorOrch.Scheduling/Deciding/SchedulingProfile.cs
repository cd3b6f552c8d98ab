using ActorOrch.Scheduling.Filters;
using ActorOrch.Scheduling.Scores;

namespace ActorOrch.Scheduling.Deciding;

/// <summary>Which filters and scores decide, and the seed that breaks ties.</summary>
public sealed record SchedulingProfile(IResourceScore ResourceScore, int Seed)
{
    /// <summary>Bin packing.</summary>
    public static readonly SchedulingProfile Default = new(new MostAllocated(), 0);

    /// <summary>In upstream's order: the first that refuses gives the reason.</summary>
    public IReadOnlyList<INodeFilter> Filters { get; init; } =
        [new NodeUnschedulable(), new NodeName(), new TaintToleration(), new NodeAffinity(), new NodePorts(), new NodeResourcesFit()];

    /// <summary>Those that look at other nodes, too; asked after <see cref="Filters"/>.</summary>
    internal IReadOnlyList<IClusterFilter> ClusterFilters { get; init; } = [new PodTopologySpread(), new InterPodAffinity()];

    public IReadOnlyList<INodePreference> Preferences { get; init; } = [new PreferredNodeAffinity(), new PreferNoScheduleTaints()];

    /// <summary>By the name in the settings: <c>MostAllocated</c> or <c>LeastAllocated</c>.</summary>
    public static SchedulingProfile Named(string scoring, int seed) => scoring switch
    {
        nameof(MostAllocated) => new(new MostAllocated(), seed),
        nameof(LeastAllocated) => new(new LeastAllocated(), seed),
        _ => throw new ArgumentException($"actororch.scheduler.scoring-strategy must be MostAllocated or LeastAllocated, not \"{scoring}\"", nameof(scoring)),
    };

    /// <summary>A number per node that orders equal scores: random over the nodes, the same for the same seed.</summary>
    internal uint TieBreak(string nodeName)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 2166136261u ^ (uint)Seed;
        foreach (var c in nodeName) hash = (hash ^ c) * 16777619u;
        hash ^= hash >> 15;
        hash *= 2246822519u;
        return hash ^ (hash >> 13);
    }
}
