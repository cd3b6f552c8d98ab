using System.Runtime.InteropServices;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Relations;

/// <summary>How many pods of one sort there are on each node; nodes by their place in <see cref="ClusterModel.Slots"/>.</summary>
public sealed class NodeTally
{
    private readonly Dictionary<int, int> _bySlot = [];

    /// <summary>The nodes that have any.</summary>
    public IReadOnlyDictionary<int, int> Nodes => _bySlot;

    public int At(int slot) => _bySlot.GetValueOrDefault(slot);

    internal void Add(int slot, int change)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySlot, slot, out _);
        count += change;
        if (count == 0) _bySlot.Remove(slot);
    }
}
