using ActorOrch.Scheduling.Filters;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Deciding;

/// <summary>Chooses nodes: keeps a <see cref="Ranking"/> for each shape of pod that was asked for lately.</summary>
public sealed class Placer(ClusterModel cluster, SchedulingProfile profile)
{
    // Each costs some 40 bytes a node.
    private const int MostRankings = 128;

    private readonly Dictionary<PodShape, Ranking> _rankings = [];
    private long _uses;

    /// <summary>The best node that a pod of this shape fits now; null where there is none. Does not place it.</summary>
    public NodeInfo? Choose(PodShape shape)
    {
        cluster.Settle();
        return !shape.HasRules && shape.Selection.RequiredNames is { } names ? BestOf(shape, names) : RankingOf(shape).Best();
    }

    /// <summary>Why a pod of this shape fits nowhere.</summary>
    public Verdict Explain(PodShape shape)
    {
        cluster.Settle();
        return Verdict.Of(shape, cluster, profile, node => Elsewhere(shape, node));
    }

    /// <summary>Whether it fits this node now.</summary>
    public bool Fits(PodShape shape, NodeInfo node)
    {
        cluster.Settle();
        foreach (var filter in profile.Filters)
            if (!filter.Passes(shape, node)) return false;
        return Elsewhere(shape, node) is null;
    }

    /// <summary>Begins anew, after selectors were forgotten.</summary>
    internal void Forget() => _rankings.Clear();

    private Refused? Elsewhere(PodShape shape, NodeInfo node) => shape.HasRules ? RankingOf(shape).RefusedAt(node) : null;

    // DaemonSet pods name one node each: ranking all nodes for them would be a waste.
    private NodeInfo? BestOf(PodShape shape, IReadOnlySet<string> names) => names
        .Select(cluster.Find)
        .Where(node => node is not null && Fits(shape, node))
        .MaxBy(node => (profile.ResourceScore.Of(shape, node!), profile.TieBreak(node!.Name)));

    private Ranking RankingOf(PodShape shape)
    {
        if (!_rankings.TryGetValue(shape, out var ranking))
        {
            if (_rankings.Count >= MostRankings) _rankings.Remove(_rankings.MinBy(r => r.Value.LastUsed).Key);
            _rankings[shape] = ranking = new(shape, cluster, profile);
        }
        ranking.LastUsed = ++_uses;
        return ranking;
    }
}
