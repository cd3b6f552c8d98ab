using ActorOrch.Scheduling.Filters;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Scores;

namespace ActorOrch.Scheduling.Deciding;

/// <summary>
/// The nodes that one shape of pod fits, best first. Built once; afterwards it only looks at nodes that changed, so that the
/// best of thousands of nodes costs a few steps, and is exact, where upstream looks at a sample. Where other pods matter, the nodes are in
/// groups that the shape's rules judge alike, and the groups are compared when a node is asked for.
/// </summary>
internal sealed class Ranking
{
    private readonly PodShape _shape;
    private readonly ClusterModel _cluster;
    private readonly SchedulingProfile _profile;
    private readonly Action<int> _follow;
    private readonly Action<int> _touch;
    private readonly NodeGroups _groups = new();
    private readonly List<NodeGroup> _feasible = [];
    private readonly List<int> _touched = [];
    private IShapeRule[] _rules = [];
    private long[] _classes = [];
    private double[] _preference = [];
    private uint[] _tie = [];
    private int[] _stamps = [];
    private NodeGroup?[] _groupOf = [];
    private bool[] _isTouched = [];
    private bool _allTouched;
    private long _descriptions = -1;
    private long _terms = -1;
    private int _knownTerms = -1;
    private long _position;

    internal Ranking(PodShape shape, ClusterModel cluster, SchedulingProfile profile)
    {
        _shape = shape;
        _cluster = cluster;
        _profile = profile;
        _follow = FollowCounts;
        _touch = Touch;
    }

    /// <summary>Marks the order of use, for whoever keeps a bounded number of rankings.</summary>
    internal long LastUsed { get; set; }

    /// <summary>The best node that the pod fits now, or null.</summary>
    internal NodeInfo? Best()
    {
        CatchUp();
        var best = -1;
        if (_rules.Length == 0)
        {
            if (_groups.All.Count > 0) _groups.All[0].TryBest(_stamps, out best, out _);
            return best < 0 ? null : _cluster.Slots[best];
        }
        FindFeasible();
        var offset = 0;
        foreach (var rule in _rules)
        {
            rule.Score(_feasible, offset);
            offset += rule.Width;
        }
        var highest = (Score: double.NegativeInfinity, Tie: 0u);
        foreach (var group in _feasible)
        {
            if (!group.TryBest(_stamps, out var slot, out var rank)) continue;
            rank.Score += group.Bonus;
            if (rank.Score < highest.Score || (rank.Score == highest.Score && rank.Tie <= highest.Tie && best >= 0)) continue;
            (highest, best) = (rank, slot);
        }
        return best < 0 ? null : _cluster.Slots[best];
    }

    /// <summary>Why, of the rules that look at more than one node, the node takes no pod; null where all agree.</summary>
    internal Refused? RefusedAt(NodeInfo node)
    {
        CatchUp();
        foreach (var rule in _rules)
            if (rule.At(node.Index) is { } refused) return refused;
        return null;
    }

    private void FindFeasible()
    {
        _feasible.Clear();
        foreach (var group in _groups.All)
        {
            var admitted = true;
            var offset = 0;
            foreach (var rule in _rules)
            {
                if (!(admitted = rule.Admits(group.Classes.AsSpan(offset, rule.Width)))) break;
                offset += rule.Width;
            }
            if (!admitted) continue;
            group.Bonus = 0;
            _feasible.Add(group);
        }
    }

    private void CatchUp()
    {
        var newTerms = HasNewTerms();
        if (newTerms) PrepareRules();
        if (newTerms || _descriptions != _cluster.Descriptions)
        {
            DescribeAll();
        }
        else if (_cluster.ForEachChange(_position, _follow))
        {
            if (_allTouched) EnterAll();
            else foreach (var slot in _touched) Enter(slot);
            Untouch();
        }
        else
        {
            Untouch();
            foreach (var rule in _rules) rule.Rebuild();
            EnterAll();
        }
        _position = _cluster.LogEnd;
    }

    // Terms that others carry bind pods of this shape where it matches their selectors.
    private bool HasNewTerms()
    {
        if (_terms == _cluster.Context.Terms) return false;
        _terms = _cluster.Context.Terms;
        var known = 0;
        foreach (var selector in _shape.Relations?.Matched ?? []) known += selector.Terms.Count;
        if (known == _knownTerms) return false;
        _knownTerms = known;
        return true;
    }

    private void PrepareRules() => _rules = [.. _profile.ClusterFilters.Select(f => f.Prepare(_shape, _cluster)).OfType<IShapeRule>()];

    /// <summary>What depends on descriptions only: who is eligible, and the preferences, scaled over those.</summary>
    private void DescribeAll()
    {
        _descriptions = _cluster.Descriptions;
        var slots = _cluster.Slots;
        _preference = new double[slots.Count];
        _tie = new uint[slots.Count];
        _stamps = new int[slots.Count];
        _groupOf = new NodeGroup?[slots.Count];
        _isTouched = new bool[slots.Count];
        Untouch();
        for (var i = 0; i < slots.Count; i++)
        {
            var eligible = slots[i]?.Description is not null && PassesByDescription(slots[i]!);
            _preference[i] = eligible ? 0 : double.NaN;
            if (eligible) _tie[i] = _profile.TieBreak(slots[i]!.Name);
        }
        foreach (var preference in _profile.Preferences) Weigh(preference);
        foreach (var rule in _rules) rule.Rebuild();
        EnterAll();
    }

    private bool PassesByDescription(NodeInfo node)
    {
        foreach (var filter in _profile.Filters)
            if (filter.IgnoresPods && !filter.Passes(_shape, node)) return false;
        return true;
    }

    private void Weigh(INodePreference preference)
    {
        var raw = new int[_preference.Length];
        var most = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (double.IsNaN(_preference[i])) continue;
            raw[i] = preference.Raw(_shape, _cluster.Slots[i]!);
            most = Math.Max(most, raw[i]);
        }
        if (most == 0) return;
        for (var i = 0; i < raw.Length; i++)
            _preference[i] += preference.Weight * 100.0 * (preference.LessIsBetter ? most - raw[i] : raw[i]) / most;
    }

    private void FollowCounts(int slot)
    {
        foreach (var rule in _rules) _allTouched |= rule.Follow(slot, _touch);
        Touch(slot);
    }

    private void Touch(int slot)
    {
        // A slot that came since the descriptions were read is a node that only pods speak of.
        if (slot >= _isTouched.Length || _isTouched[slot]) return;
        _isTouched[slot] = true;
        _touched.Add(slot);
    }

    private void Untouch()
    {
        foreach (var slot in _touched)
            if (slot < _isTouched.Length) _isTouched[slot] = false;
        _touched.Clear();
        _allTouched = false;
    }

    private void EnterAll()
    {
        _groups.Clear();
        Array.Clear(_groupOf);
        var width = 0;
        foreach (var rule in _rules) width += rule.Width;
        _classes = new long[width];
        for (var slot = 0; slot < _preference.Length; slot++) Enter(slot);
    }

    private void Enter(int slot)
    {
        _stamps[slot]++;
        if (_groupOf[slot] is { } left)
        {
            _groupOf[slot] = null;
            _groups.Leave(left);
        }
        if (double.IsNaN(_preference[slot])) return;
        var node = _cluster.Slots[slot]!;
        foreach (var filter in _profile.Filters)
            if (!filter.IgnoresPods && !filter.Passes(_shape, node)) return;
        var offset = 0;
        foreach (var rule in _rules)
        {
            if (rule.KeepsOut(slot)) return;
            rule.Classify(slot, _classes.AsSpan(offset, rule.Width));
            offset += rule.Width;
        }
        var group = _groupOf[slot] = _groups.Of(_classes);
        group.Enter(slot, _stamps[slot], _preference[slot] + _profile.ResourceScore.Of(_shape, node), _tie[slot], _stamps);
    }
}
