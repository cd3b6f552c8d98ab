using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Health;

/// <summary>Notices pods of a node that a taint drives away, each once.</summary>
internal sealed class EvictionLog
{
    private readonly HashSet<string> _noticed = [];

    /// <summary>Those that were not noticed before, as <c>namespace/name</c>.</summary>
    internal IReadOnlyList<string> New(IReadOnlyList<StoredObject> pods)
    {
        List<string>? evicted = null;
        foreach (var pod in pods)
        {
            // The reason stands in the pod's DisruptionTarget condition; no other text of ours is like it.
            if (pod.Json.AsSpan().IndexOf("\"DeletionByTaintManager\""u8) < 0 || !_noticed.Add(pod.Uid)) continue;
            (evicted ??= []).Add(pod.Key.ToString());
        }
        if (_noticed.Count > 2 * pods.Count + 16) _noticed.IntersectWith(pods.Select(p => p.Uid));
        return evicted ?? (IReadOnlyList<string>)[];
    }
}
