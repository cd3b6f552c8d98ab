using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Filters;

/// <summary>Pod affinity and anti-affinity, required and preferred: what the pod asks, and what the pods that are placed ask of it.</summary>
internal sealed class InterPodAffinity : IClusterFilter
{
    /// <summary>What required affinity of a pod that is placed adds to the score of a pod that it looks at; upstream's default.</summary>
    internal const int HardAffinityWeight = 1;

    /// <summary>How much it counts beside other scores; upstream's default.</summary>
    internal const int Weight = 2;

    public string Name => nameof(InterPodAffinity);

    public IShapeRule? Prepare(PodShape shape, ClusterModel cluster)
    {
        if (shape.Relations is not { } relations) return null;
        var rule = new AffinityRule(relations, cluster);
        return rule.IsEmpty ? null : rule;
    }
}

/// <summary><see cref="InterPodAffinity"/> for one shape.</summary>
internal sealed class AffinityRule : IShapeRule
{
    private static readonly Refused NoFriends = new("node(s) didn't match pod affinity rules", false);
    private static readonly Refused Own = new("node(s) didn't match pod anti-affinity rules", true);
    private static readonly Refused Others = new("node(s) didn't satisfy existing pods anti-affinity rules", true);

    private readonly ClusterModel _cluster;
    private readonly List<Count> _counts = [];
    private readonly List<Count> _affinity = [];
    private readonly List<(Count Count, Refused Why)> _refusing = [];
    private readonly List<(Count Count, int Weight)> _scoring = [];
    private readonly bool _isOwnFriend;
    private bool _isFirst;
    private bool _scoresFine;

    internal AffinityRule(PodRelations relations, ClusterModel cluster)
    {
        _cluster = cluster;
        if (relations.Own is { } own)
        {
            if (own.Affinity is { } affinity)
            {
                foreach (var key in own.AffinityKeys) _affinity.Add(CountOf(affinity.Pods, key));
                _isOwnFriend = relations.Matched.Contains(affinity);
            }
            foreach (var (selector, key) in own.AntiAffinity) _refusing.Add((CountOf(selector.Pods, key), Own));
            foreach (var wish in own.Preferred) Draw(CountOf(wish.Selector.Pods, wish.TopologyKey), wish.Weight);
        }
        foreach (var term in relations.Matched.SelectMany(s => s.Terms))
        {
            var count = CountOf(term.Carriers, term.TopologyKey);
            if (term.Refuses) _refusing.Add((count, Others));
            else Draw(count, term.Weight);
        }
    }

    internal bool IsEmpty => _counts.Count == 0;

    public int Width { get; private set; }

    public void Rebuild()
    {
        Width = 0;
        foreach (var count in _counts) count.Class = -1;
        foreach (var group in _counts.GroupBy(c => c.Domains.Topology))
        {
            group.Key.Follow(_cluster);
            var isFine = Grain.IsFine(group.Key);
            var place = isFine ? -1 : Width++;
            foreach (var count in group)
            {
                count.Class = place;
                count.Domains.Rebuild(_cluster.Slots.Count, null);
            }
        }
        _scoresFine = _scoring.Any(s => s.Count.IsFine);
        if (_scoresFine) Width++;
        _isFirst = IsFirst();
    }

    public bool Follow(int slot, Action<int> touched)
    {
        foreach (var count in _counts)
        {
            var (domain, before, after) = count.Domains.Follow(slot);
            if (domain < 0 || !count.IsFine) continue;
            if (!count.Scores && before > 0 && after > 0) continue;
            foreach (var node in count.Domains.Topology.SlotsOf(domain)) touched(node);
        }
        if (_isFirst == IsFirst()) return false;
        _isFirst = !_isFirst;
        return true;
    }

    public bool KeepsOut(int slot)
    {
        foreach (var count in _affinity)
            if (count.IsFine && Lacks(count, slot)) return true;
        foreach (var (count, _) in _refusing)
            if (count.IsFine && count.Domains.At(slot) > 0) return true;
        return false;
    }

    public void Classify(int slot, Span<long> classes)
    {
        foreach (var count in _counts)
            if (!count.IsFine) classes[count.Class] = count.Domains.Topology.DomainOf(slot);
        if (!_scoresFine) return;
        var drawn = 0L;
        foreach (var (count, weight) in _scoring)
            if (count.IsFine) drawn += (long)weight * count.Domains.At(slot);
        classes[^1] = drawn;
    }

    public bool Admits(ReadOnlySpan<long> classes)
    {
        foreach (var count in _affinity)
        {
            if (count.IsFine) continue;
            var domain = (int)classes[count.Class];
            if (domain < 0 || (!_isFirst && count.Domains.OfDomain(domain) == 0)) return false;
        }
        foreach (var (count, _) in _refusing)
        {
            if (count.IsFine) continue;
            var domain = (int)classes[count.Class];
            if (domain >= 0 && count.Domains.OfDomain(domain) > 0) return false;
        }
        return true;
    }

    // As upstream scales: the range reaches to zero, and the result is cut to an integer.
    public void Score(IReadOnlyList<NodeGroup> feasible, int offset)
    {
        if (_scoring.Count == 0) return;
        long most = 0, least = 0;
        for (var i = 0; i < feasible.Count; i++)
        {
            var drawn = feasible[i].Raw = Drawn(feasible[i].Classes.AsSpan(offset, Width));
            most = Math.Max(most, drawn);
            least = Math.Min(least, drawn);
        }
        if (most == least) return;
        for (var i = 0; i < feasible.Count; i++)
            feasible[i].Bonus += InterPodAffinity.Weight * (long)(100.0 * ((double)(feasible[i].Raw - least) / (most - least)));
    }

    public Refused? At(int slot)
    {
        foreach (var count in _affinity)
            if (Lacks(count, slot)) return NoFriends;
        foreach (var (count, why) in _refusing)
            if (count.Domains.At(slot) > 0) return why;
        return null;
    }

    private long Drawn(ReadOnlySpan<long> classes)
    {
        var drawn = _scoresFine ? classes[^1] : 0;
        foreach (var (count, weight) in _scoring)
            if (!count.IsFine && (int)classes[count.Class] is >= 0 and var domain) drawn += (long)weight * count.Domains.OfDomain(domain);
        return drawn;
    }

    private bool Lacks(Count count, int slot) =>
        count.Domains.Topology.DomainOf(slot) is var domain && (domain < 0 || (!_isFirst && count.Domains.OfDomain(domain) == 0));

    // Nobody is there yet to be near to, and the pod is one of those that it wants to be near to: somebody must begin.
    private bool IsFirst()
    {
        if (!_isOwnFriend) return false;
        foreach (var count in _affinity)
            if (count.Domains.Total > 0) return false;
        return true;
    }

    private void Draw(Count count, int weight)
    {
        count.Scores = true;
        _scoring.Add((count, weight));
    }

    private Count CountOf(NodeTally tally, string key)
    {
        foreach (var known in _counts)
            if (ReferenceEquals(known.Domains.Tally, tally) && known.Domains.Topology.Key == key) return known;
        var count = new Count(new(tally, _cluster.Topology(key)));
        _counts.Add(count);
        return count;
    }

    private sealed class Count(DomainCounts domains)
    {
        internal DomainCounts Domains { get; } = domains;

        /// <summary>Where the node's domain is among its classes; -1 where the topology is fine.</summary>
        internal int Class { get; set; } = -1;

        internal bool IsFine => Class < 0;

        /// <summary>Whether more than "none or some" matters.</summary>
        internal bool Scores { get; set; }
    }
}
