using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Relations;

/// <summary>The domains of one topology key: nodes whose label of that name has the same value.</summary>
public sealed class Topology(string key)
{
    private readonly Dictionary<string, int> _byValue = [];
    private readonly List<List<int>> _slots = [];
    private int[] _domains = [];
    private long _descriptions = -1;

    public string Key { get; } = key;

    /// <summary>How many domains there are.</summary>
    public int Count => _slots.Count;

    /// <summary>The number of the node's domain, from 0; -1 for a node without the label.</summary>
    public int DomainOf(int slot) => slot < _domains.Length ? _domains[slot] : -1;

    public IReadOnlyList<int> SlotsOf(int domain) => _slots[domain];

    /// <summary>Follows the nodes: all are looked at when one has changed its description, which is seldom.</summary>
    internal void Follow(ClusterModel cluster)
    {
        if (_descriptions == cluster.Descriptions) return;
        _descriptions = cluster.Descriptions;
        _byValue.Clear();
        _slots.Clear();
        _domains = new int[cluster.Slots.Count];
        for (var slot = 0; slot < _domains.Length; slot++)
        {
            _domains[slot] = -1;
            if (cluster.Slots[slot]?.Description is not { } node || !node.Labels.TryGetValue(Key, out var value)) continue;
            if (!_byValue.TryGetValue(value, out var domain))
            {
                _byValue[value] = domain = _slots.Count;
                _slots.Add([]);
            }
            _domains[slot] = domain;
            _slots[domain].Add(slot);
        }
    }
}
