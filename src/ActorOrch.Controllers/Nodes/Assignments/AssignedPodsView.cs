using ActorOrch.Contracts.Nodes;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Assignments;

/// <summary>What the agent has been told of its pods, by uid, so that it is told only what is new.</summary>
internal sealed class AssignedPodsView(string node)
{
    private readonly Dictionary<string, long> _told = [];

    /// <summary>Everything: what goes to an agent that has just come.</summary>
    internal AssignedPods All(IReadOnlyList<StoredObject> bound, string storeId, bool nodeKnown)
    {
        _told.Clear();
        foreach (var pod in bound) _told[pod.Uid] = pod.Revision;
        return new(node, [.. bound.Select(p => p.Json)], storeId, nodeKnown);
    }

    /// <summary>What is new, or null.</summary>
    internal PodsChanged? Changes(IReadOnlyList<StoredObject> bound)
    {
        List<byte[]>? changed = null;
        List<string>? removed = null;
        foreach (var pod in bound)
        {
            if (_told.TryGetValue(pod.Uid, out var revision) && revision >= pod.Revision) continue;
            _told[pod.Uid] = pod.Revision;
            (changed ??= []).Add(pod.Json);
        }
        if (_told.Count > bound.Count)
        {
            var present = bound.Select(p => p.Uid).ToHashSet();
            foreach (var uid in _told.Keys)
                if (!present.Contains(uid)) (removed ??= []).Add(uid);
            foreach (var uid in removed ?? []) _told.Remove(uid);
        }
        return changed is null && removed is null ? null : new(node, changed ?? [], removed ?? (IReadOnlyList<string>)[]);
    }

    /// <summary>A status that the agent itself reported is stored: no news to it, if it had seen the version before.</summary>
    internal void Stored(string uid, long before, long after)
    {
        if (_told.TryGetValue(uid, out var told) && told == before) _told[uid] = after;
    }
}
