namespace ActorOrch.Scheduling;

/// <summary>Chooses nodes: keeps a <see cref="Ranking"/> for each shape of pod that was asked for lately.</summary>
public sealed class Placer(ClusterModel cluster, SchedulingProfile profile)
{
    // Each costs some 40 bytes a node.
    private const int MostRankings = 128;

    private readonly Dictionary<PodShape, Ranking> _rankings = [];
    private long _uses;

    /// <summary>The best node that a pod of this shape fits now; null where there is none. Does not place it.</summary>
    public NodeInfo? Choose(PodShape shape) =>
        shape.Selection.RequiredNames is { } names ? BestOf(shape, names) : RankingOf(shape).Best();

    /// <summary>Why a pod of this shape fits nowhere.</summary>
    public Verdict Explain(PodShape shape) => Verdict.Of(shape, cluster, profile);

    /// <summary>Whether it fits this node now.</summary>
    public bool Fits(PodShape shape, NodeInfo node)
    {
        foreach (var filter in profile.Filters)
            if (!filter.Passes(shape, node)) return false;
        return true;
    }

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
