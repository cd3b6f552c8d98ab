namespace ActorOrch.Scheduling.Deciding;

/// <summary>The groups of one ranking that have nodes, by their classes.</summary>
internal sealed class NodeGroups
{
    private readonly Dictionary<long[], NodeGroup> _byClasses = new(SameClasses.Instance);
    private readonly Dictionary<long[], NodeGroup>.AlternateLookup<ReadOnlySpan<long>> _lookup;
    private readonly List<NodeGroup> _all = [];

    internal NodeGroups() => _lookup = _byClasses.GetAlternateLookup<ReadOnlySpan<long>>();

    internal IReadOnlyList<NodeGroup> All => _all;

    internal NodeGroup Of(ReadOnlySpan<long> classes)
    {
        if (_lookup.TryGetValue(classes, out var known)) return known;
        var group = new NodeGroup(classes.ToArray()) { Index = _all.Count };
        _byClasses[group.Classes] = group;
        _all.Add(group);
        return group;
    }

    internal void Leave(NodeGroup group)
    {
        if (--group.Live > 0) return;
        _byClasses.Remove(group.Classes);
        var last = _all[^1];
        _all[group.Index] = last;
        last.Index = group.Index;
        _all.RemoveAt(_all.Count - 1);
    }

    internal void Clear()
    {
        _byClasses.Clear();
        _all.Clear();
    }

    private sealed class SameClasses : IEqualityComparer<long[]>, IAlternateEqualityComparer<ReadOnlySpan<long>, long[]>
    {
        internal static readonly SameClasses Instance = new();

        public bool Equals(long[]? a, long[]? b) => a.AsSpan().SequenceEqual(b);

        public int GetHashCode(long[] classes) => GetHashCode(classes.AsSpan());

        public bool Equals(ReadOnlySpan<long> alternate, long[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<long> alternate)
        {
            var hash = new HashCode();
            foreach (var part in alternate) hash.Add(part);
            return hash.ToHashCode();
        }

        public long[] Create(ReadOnlySpan<long> alternate) => alternate.ToArray();
    }
}
