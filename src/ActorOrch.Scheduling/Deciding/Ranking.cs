namespace ActorOrch.Scheduling;

/// <summary>
/// The nodes that one shape of pod fits, best first. Built once; afterwards it only looks at nodes that changed, so that the
/// best of thousands of nodes costs a few steps, and is exact, where upstream looks at a sample.
/// </summary>
internal sealed class Ranking
{
    private readonly PodShape _shape;
    private readonly ClusterModel _cluster;
    private readonly SchedulingProfile _profile;
    private readonly Action<int> _enter;
    private readonly PriorityQueue<(int Slot, int Stamp), (double Score, uint Tie)> _best = new(HighestFirst.Instance);
    private double[] _preference = [];
    private uint[] _tie = [];
    private int[] _stamps = [];
    private long _descriptions = -1;
    private long _position;

    internal Ranking(PodShape shape, ClusterModel cluster, SchedulingProfile profile)
    {
        _shape = shape;
        _cluster = cluster;
        _profile = profile;
        _enter = Enter;
    }

    /// <summary>Marks the order of use, for whoever keeps a bounded number of rankings.</summary>
    internal long LastUsed { get; set; }

    /// <summary>The best node that the pod fits now, or null.</summary>
    internal NodeInfo? Best()
    {
        CatchUp();
        while (_best.TryPeek(out var entry, out _))
        {
            if (_stamps[entry.Slot] == entry.Stamp) return _cluster.Slots[entry.Slot];
            _best.Dequeue();
        }
        return null;
    }

    private void CatchUp()
    {
        if (_descriptions != _cluster.Descriptions) DescribeAll();
        else if (!_cluster.ForEachChange(_position, _enter)) EnterAll();
        _position = _cluster.LogEnd;
    }

    /// <summary>What depends on descriptions only: who is eligible, and the preferences, scaled over those.</summary>
    private void DescribeAll()
    {
        _descriptions = _cluster.Descriptions;
        var slots = _cluster.Slots;
        _preference = new double[slots.Count];
        _tie = new uint[slots.Count];
        _stamps = new int[slots.Count];
        for (var i = 0; i < slots.Count; i++)
        {
            var eligible = slots[i]?.Description is not null && PassesByDescription(slots[i]!);
            _preference[i] = eligible ? 0 : double.NaN;
            if (eligible) _tie[i] = _profile.TieBreak(slots[i]!.Name);
        }
        foreach (var preference in _profile.Preferences) Weigh(preference);
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

    private void EnterAll()
    {
        _best.Clear();
        for (var slot = 0; slot < _preference.Length; slot++) Enter(slot);
    }

    private void Enter(int slot)
    {
        // A slot that came since the descriptions were read is a node that only pods speak of.
        if (slot >= _stamps.Length) return;
        _stamps[slot]++;
        if (double.IsNaN(_preference[slot])) return;
        var node = _cluster.Slots[slot]!;
        foreach (var filter in _profile.Filters)
            if (!filter.IgnoresPods && !filter.Passes(_shape, node)) return;
        _best.Enqueue((slot, _stamps[slot]), (_preference[slot] + _profile.ResourceScore.Of(_shape, node), _tie[slot]));
    }

    private sealed class HighestFirst : IComparer<(double Score, uint Tie)>
    {
        internal static readonly HighestFirst Instance = new();

        public int Compare((double Score, uint Tie) a, (double Score, uint Tie) b)
        {
            var byScore = b.Score.CompareTo(a.Score);
            return byScore != 0 ? byScore : b.Tie.CompareTo(a.Tie);
        }
    }
}
