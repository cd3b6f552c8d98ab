namespace ActorOrch.Scheduling.Deciding;

/// <summary>Nodes that the rules of a shape judge alike, the best first by all that a node has of its own.</summary>
internal sealed class NodeGroup(long[] classes)
{
    // So many entries that are no longer true may be among those that are.
    private const int MostStale = 64;

    private readonly PriorityQueue<(int Slot, int Stamp), (double Score, uint Tie)> _best = new(HighestFirst.Instance);

    internal long[] Classes { get; } = classes;

    /// <summary>How many nodes there are.</summary>
    internal int Live { get; set; }

    /// <summary>Its place in the list of groups.</summary>
    internal int Index { get; set; }

    /// <summary>What one rule makes of it before it is scaled.</summary>
    internal long Raw { get; set; }

    /// <summary>What the rules add to its nodes' scores.</summary>
    internal double Bonus { get; set; }

    internal void Enter(int slot, int stamp, double score, uint tie, int[] stamps)
    {
        if (_best.Count > 2 * Live + MostStale) Clean(stamps);
        _best.Enqueue((slot, stamp), (score, tie));
        Live++;
    }

    internal bool TryBest(int[] stamps, out int slot, out (double Score, uint Tie) rank)
    {
        while (_best.TryPeek(out var entry, out rank))
        {
            slot = entry.Slot;
            if (stamps[slot] == entry.Stamp) return true;
            _best.Dequeue();
        }
        slot = -1;
        return false;
    }

    private void Clean(int[] stamps)
    {
        var live = _best.UnorderedItems.Where(item => stamps[item.Element.Slot] == item.Element.Stamp).ToArray();
        _best.Clear();
        _best.EnqueueRange(live);
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
