namespace ActorOrch.Scheduling.Relations;

/// <summary>
/// A tally summed up by the domains of a topology, for one reader: it follows node by node, so that a pod that comes or goes costs one sum.
/// </summary>
internal sealed class DomainCounts(NodeTally tally, Topology topology)
{
    private int[] _seen = [];
    private int[] _sums = [];
    private bool[]? _counted;
    private bool[] _present = [];
    private int _fewest;
    private int _withFewest;

    internal NodeTally Tally => tally;
    internal Topology Topology => topology;

    /// <summary>All pods of the tally on nodes that are in a domain and count.</summary>
    internal long Total { get; private set; }

    /// <summary>How many domains have a node that counts.</summary>
    internal int Domains { get; private set; }

    /// <summary>The least sum of a domain that has a node that counts; 0 where there is none.</summary>
    internal int Fewest => Domains == 0 ? 0 : _fewest;

    internal int OfDomain(int domain) => _sums[domain];

    /// <summary>The sum of the node's domain; 0 where it is in none.</summary>
    internal int At(int slot) => topology.DomainOf(slot) is >= 0 and var domain ? _sums[domain] : 0;

    /// <summary>Begins anew, after nodes changed.</summary>
    /// <param name="counted">Which nodes count; null for all.</param>
    internal void Rebuild(int slots, bool[]? counted)
    {
        _counted = counted;
        _seen = new int[slots];
        _sums = new int[topology.Count];
        _present = new bool[topology.Count];
        Total = 0;
        Domains = 0;
        for (var slot = 0; slot < slots; slot++)
        {
            if (!Counts(slot, out var domain) || _present[domain]) continue;
            _present[domain] = true;
            Domains++;
        }
        foreach (var (slot, count) in tally.Nodes)
        {
            if (!Counts(slot, out var domain)) continue;
            _seen[slot] = count;
            _sums[domain] += count;
            Total += count;
        }
        FindFewest();
    }

    /// <summary>Takes over the node's count as it is now; the sum of its domain before and after, and the domain, or -1 where nothing changed.</summary>
    internal (int Domain, int Before, int After) Follow(int slot)
    {
        if (!Counts(slot, out var domain)) return (-1, 0, 0);
        var change = tally.At(slot) - _seen[slot];
        if (change == 0) return (-1, 0, 0);
        var before = _sums[domain];
        var after = _sums[domain] = before + change;
        _seen[slot] += change;
        Total += change;
        if (before == _fewest) _withFewest--;
        if (after < _fewest) (_fewest, _withFewest) = (after, 1);
        else if (after == _fewest) _withFewest++;
        if (_withFewest == 0) FindFewest();
        return (domain, before, after);
    }

    private bool Counts(int slot, out int domain)
    {
        domain = slot < _seen.Length ? topology.DomainOf(slot) : -1;
        return domain >= 0 && (_counted is null || _counted[slot]);
    }

    private void FindFewest()
    {
        (_fewest, _withFewest) = (int.MaxValue, 0);
        for (var domain = 0; domain < _sums.Length; domain++)
        {
            if (!_present[domain]) continue;
            if (_sums[domain] < _fewest) (_fewest, _withFewest) = (_sums[domain], 1);
            else if (_sums[domain] == _fewest) _withFewest++;
        }
    }
}
