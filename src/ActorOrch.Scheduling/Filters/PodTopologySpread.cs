using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Filters;

/// <summary>Topology spread constraints: <c>DoNotSchedule</c> as a filter, <c>ScheduleAnyway</c> as a score.</summary>
internal sealed class PodTopologySpread : IClusterFilter
{
    /// <summary>How much it counts beside other scores; upstream's default.</summary>
    internal const int Weight = 2;

    public string Name => nameof(PodTopologySpread);

    public IShapeRule? Prepare(PodShape shape, ClusterModel cluster) =>
        shape.Relations?.Own is { } own && own.Hard.Count + own.Soft.Count > 0 ? new SpreadRule(shape, own, cluster) : null;
}

/// <summary><see cref="PodTopologySpread"/> for one shape.</summary>
internal sealed class SpreadRule : IShapeRule
{
    private static readonly Refused Skewed = new("node(s) didn't match pod topology spread constraints", true);
    private static readonly Refused NoLabel = new("node(s) didn't match pod topology spread constraints (missing required label)", false);

    private readonly PodShape _shape;
    private readonly ClusterModel _cluster;
    private readonly Part[] _hard;
    private readonly Part[] _soft;

    internal SpreadRule(PodShape shape, OwnTerms own, ClusterModel cluster)
    {
        _shape = shape;
        _cluster = cluster;
        Part Of(SpreadConstraint constraint) => new(
            constraint, new(constraint.Selector.Pods, cluster.Topology(constraint.TopologyKey)), shape.Relations!.Matched.Contains(constraint.Selector) ? 1 : 0);
        _hard = [.. own.Hard.Select(Of)];
        _soft = [.. own.Soft.Select(Of)];
    }

    public int Width => _hard.Length + _soft.Length;

    public void Rebuild()
    {
        foreach (var part in _hard.Concat(_soft)) part.Domains.Topology.Follow(_cluster);
        Rebuild(_hard);
        Rebuild(_soft);
        foreach (var part in _hard) part.IsFine = Grain.IsFine(part.Domains.Topology);
        // How many domains have a node that takes the pod is part of the score; of hostnames, that is the number of the nodes.
        foreach (var part in _soft) part.IsFine = part.Domains.Topology.Key == Grain.Hostname;
    }

    public bool Follow(int slot, Action<int> touched)
    {
        foreach (var part in _hard) Follow(part, slot, touched);
        foreach (var part in _soft) Follow(part, slot, touched);
        return false;
    }

    public bool KeepsOut(int slot) => false;

    public void Classify(int slot, Span<long> classes)
    {
        for (var i = 0; i < _hard.Length; i++) classes[i] = _hard[i].ClassOf(slot);
        for (var i = 0; i < _soft.Length; i++) classes[_hard.Length + i] = _soft[i].ClassOf(slot);
    }

    public bool Admits(ReadOnlySpan<long> classes)
    {
        for (var i = 0; i < _hard.Length; i++)
            if (classes[i] < 0 || _hard[i].IsSkewedBy(_hard[i].CountOf(classes[i]))) return false;
        return true;
    }

    // As upstream: fewer is better, small topologies are not watered down by large ones, and nodes that lack a label get nothing.
    public void Score(IReadOnlyList<NodeGroup> feasible, int offset)
    {
        if (_soft.Length == 0) return;
        offset += _hard.Length;
        foreach (var part in _soft) part.BeginCounting();
        for (var i = 0; i < feasible.Count; i++)
        {
            var classes = feasible[i].Classes.AsSpan(offset, _soft.Length);
            if (classes.ContainsAnyInRange(long.MinValue, -1)) continue;
            for (var p = 0; p < _soft.Length; p++) _soft[p].CountDomain(classes[p], feasible[i].Live);
        }
        foreach (var part in _soft) part.EndCounting();
        var (least, most) = (long.MaxValue, 0L);
        for (var i = 0; i < feasible.Count; i++)
        {
            var classes = feasible[i].Classes.AsSpan(offset, _soft.Length);
            feasible[i].Raw = classes.ContainsAnyInRange(long.MinValue, -1) ? -1 : Crowd(classes);
            if (feasible[i].Raw < 0) continue;
            least = Math.Min(least, feasible[i].Raw);
            most = Math.Max(most, feasible[i].Raw);
        }
        for (var i = 0; i < feasible.Count; i++)
            if (feasible[i].Raw is >= 0 and var raw) feasible[i].Bonus += PodTopologySpread.Weight * (most == 0 ? 100 : 100 * (most + least - raw) / most);
    }

    public Refused? At(int slot)
    {
        foreach (var part in _hard)
        {
            if (part.Domains.Topology.DomainOf(slot) < 0) return NoLabel;
            if (part.IsSkewedBy(part.Domains.At(slot))) return Skewed;
        }
        return null;
    }

    private static void Follow(Part part, int slot, Action<int> touched)
    {
        var (domain, _, _) = part.Domains.Follow(slot);
        if (domain < 0 || !part.IsFine) return;
        foreach (var node in part.Domains.Topology.SlotsOf(domain)) touched(node);
    }

    private long Crowd(ReadOnlySpan<long> classes)
    {
        var sum = 0.0;
        for (var p = 0; p < _soft.Length; p++) sum += _soft[p].CountOf(classes[p]) * _soft[p].Importance + (_soft[p].Constraint.MaxSkew - 1);
        return (long)Math.Round(sum, MidpointRounding.AwayFromZero);
    }

    private void Rebuild(Part[] parts)
    {
        foreach (var part in parts)
        {
            var counted = new bool[_cluster.Slots.Count];
            for (var slot = 0; slot < counted.Length; slot++) counted[slot] = HasAllLabels(parts, slot) && Counts(part.Constraint, _cluster.Slots[slot]!);
            part.Domains.Rebuild(counted.Length, counted);
        }
    }

    private static bool HasAllLabels(Part[] parts, int slot)
    {
        foreach (var part in parts)
            if (part.Domains.Topology.DomainOf(slot) < 0) return false;
        return true;
    }

    private bool Counts(SpreadConstraint constraint, NodeInfo node) =>
        (!constraint.HonorsAffinity || _shape.Selection.Matches(node.Name, node.Description!.Labels))
        && (!constraint.HonorsTaints || TaintToleration.Untolerated(_shape, node) is null);

    private sealed class Part(SpreadConstraint constraint, DomainCounts domains, int self)
    {
        private int[] _counted = [];
        private int _round;
        private long _size;

        internal SpreadConstraint Constraint { get; } = constraint;
        internal DomainCounts Domains { get; } = domains;
        internal bool IsFine { get; set; }
        internal double Importance { get; private set; }

        /// <summary>-1 for a node without the label; else its domain, or, of a fine topology, its domain's count.</summary>
        internal long ClassOf(int slot) =>
            Domains.Topology.DomainOf(slot) is var domain && (domain < 0 || !IsFine) ? domain : Domains.OfDomain(domain);

        internal long CountOf(long @class) => IsFine ? @class : Domains.OfDomain((int)@class);

        internal bool IsSkewedBy(long count)
        {
            var fewest = Domains.Domains < Constraint.MinDomains ? 0 : Domains.Fewest;
            return count + self - fewest > Constraint.MaxSkew;
        }

        internal void BeginCounting()
        {
            _size = 0;
            _round++;
            if (!IsFine && _counted.Length != Domains.Topology.Count) _counted = new int[Domains.Topology.Count];
        }

        internal void CountDomain(long @class, int nodes)
        {
            if (IsFine)
            {
                _size += nodes;
                return;
            }
            if (_counted[@class] == _round) return;
            _counted[@class] = _round;
            _size++;
        }

        internal void EndCounting() => Importance = Math.Log(_size + 2);
    }
}
