using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>
/// The nodes and what is placed on them, kept up to date change by change. It also keeps a log of which nodes changed,
/// so that whoever ranked them before needs to look at those only. Not thread-safe: one owner.
/// </summary>
public sealed class ClusterModel
{
    private readonly Dictionary<string, NodeInfo> _byName = [];
    private readonly List<NodeInfo?> _slots = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<string, PlacedPod> _pods = [];
    private readonly Dictionary<string, Topology> _topologies = [];
    private readonly List<int> _log = [];
    private readonly List<long> _lastChange = [];
    private long _logStart;
    private long _settled;

    /// <summary>What the pods say about each other.</summary>
    public PlacementContext Context { get; } = new();

    /// <summary>Nodes whose objects exist.</summary>
    public int NodeCount { get; private set; }

    public int PodCount => _pods.Count;

    /// <summary>Rises when a node comes, goes, or changes its description: then verdicts that ignore pods are void too.</summary>
    public long Descriptions { get; private set; }

    /// <summary>Rises when a pod that fitted nowhere may fit now: a node came or changed, or a pod left one.</summary>
    public long Openings { get; private set; }

    /// <summary>Rises when a pod came that others may wait for, or be spread over the domains with.</summary>
    public long Arrivals { get; private set; }

    /// <summary>The position behind the last entry of the log of changed nodes.</summary>
    public long LogEnd => _logStart + _log.Count;

    /// <summary>All slots; empty ones are null.</summary>
    public IReadOnlyList<NodeInfo?> Slots => _slots;

    /// <summary>The nodes that exist.</summary>
    public IEnumerable<NodeInfo> Nodes => _slots.Where(n => n?.Description is not null)!;

    public NodeInfo? Find(string name) => _byName.TryGetValue(name, out var node) && node.Description is not null ? node : null;

    /// <summary>Where the pod is placed, or null.</summary>
    public string? NodeOf(string podUid) => _pods.TryGetValue(podUid, out var pod) ? pod.Node.Name : null;

    public void PutNode(NodeDescription description)
    {
        var node = Slot(description.Name);
        if (node.Description is { } known && known.SameAs(description)) return;
        if (node.Description is null) NodeCount++;
        node.Description = description;
        Descriptions++;
        Openings++;
        Log(node);
    }

    public void RemoveNode(string name)
    {
        if (Find(name) is not { } node) return;
        node.Description = null;
        NodeCount--;
        Descriptions++;
        Openings++;
        Log(node);
        Release(node);
    }

    /// <summary>Places a pod without labels.</summary>
    public void PutPod(string uid, PodShape shape, string nodeName) => PutPod(uid, shape, nodeName, PodIdentity.None);

    /// <summary>Places a pod, moving it where it was placed elsewhere. The node's object need not exist.</summary>
    public void PutPod(string uid, PodShape shape, string nodeName, in PodIdentity identity)
    {
        if (_pods.TryGetValue(uid, out var known))
        {
            if (known.Node.Name == nodeName && ReferenceEquals(known.Shape, shape))
            {
                _pods[uid] = known with { Identity = identity };
                return;
            }
            RemovePod(uid);
        }
        var node = Slot(nodeName);
        node.Add(shape);
        Count(shape, node, 1);
        if (shape.Relations is { Matched.Count: > 0 }) Arrivals++;
        _pods[uid] = new(node, shape, identity);
        Log(node);
    }

    public void RemovePod(string uid)
    {
        if (!_pods.Remove(uid, out var pod)) return;
        pod.Node.Remove(pod.Shape);
        Count(pod.Shape, pod.Node, -1);
        Openings++;
        Log(pod.Node);
        Release(pod.Node);
    }

    /// <summary>Takes a namespace's labels; null where it was deleted.</summary>
    public void PutNamespace(string name, IReadOnlyDictionary<string, string>? labels)
    {
        if (Context.PutNamespace(name, labels)) Openings++;
    }

    /// <summary>The domains of a topology key, as the nodes' labels make them.</summary>
    public Topology Topology(string key)
    {
        if (!_topologies.TryGetValue(key, out var topology)) _topologies[key] = topology = new(key);
        return topology;
    }

    /// <summary>
    /// Counts the pods that were placed before a selector came, or before a namespace's labels changed, by the selectors that they match now.
    /// All pods are looked at, once for all that came since the last time.
    /// </summary>
    public void Settle()
    {
        if (_settled == Context.Version) return;
        _settled = Context.Version;
        var (fresh, moved) = Context.TakeChanges();
        var changed = new List<(string Uid, PlacedPod Pod, PodShape Shape)>();
        foreach (var (uid, pod) in _pods)
        {
            if (!moved.Contains(pod.Identity.Namespace) && !MayMatch(fresh, pod.Identity)) continue;
            var shape = pod.Shape.For(pod.Identity, Context);
            if (!ReferenceEquals(shape, pod.Shape)) changed.Add((uid, pod, shape));
        }
        foreach (var (uid, pod, shape) in changed)
        {
            Count(pod.Shape, pod.Node, -1);
            Count(shape, pod.Node, 1);
            _pods[uid] = pod with { Shape = shape };
            Log(pod.Node);
        }
        // What it asks for is read out of its spec again, and may be a selector that had been forgotten.
        if (_settled != Context.Version) Settle();
    }

    /// <summary>Forgets selectors and topologies that no pod here asks for, nor any of <paramref name="others"/>.</summary>
    internal void Forget(IEnumerable<PodShape> others)
    {
        var used = new HashSet<PodSelector>();
        foreach (var shape in _pods.Values.Select(p => p.Shape).Concat(others))
            if (shape.Relations?.Own is { } own) used.UnionWith(own.Selectors);
        Context.KeepOnly(used);
        _topologies.Clear();
    }

    /// <summary>Calls <paramref name="changed"/> once for each slot that changed since <paramref name="position"/>; false where the log does not reach back that far.</summary>
    public bool ForEachChange(long position, Action<int> changed)
    {
        if (position < _logStart) return false;
        for (var i = (int)(position - _logStart); i < _log.Count; i++)
        {
            // Bin packing changes the same few nodes again and again: only the last change of each counts.
            var slot = _log[i];
            if (_lastChange[slot] == _logStart + i) changed(slot);
        }
        return true;
    }

    // Each selector is asked while they are few; of many, the pod's labels find those that matter.
    private bool MayMatch(IReadOnlyList<PodSelector> fresh, in PodIdentity pod)
    {
        const int few = 8;
        if (fresh.Count > few) return true;
        foreach (var selector in fresh)
            if (selector.Matches(pod, Context)) return true;
        return false;
    }

    private static void Count(PodShape shape, NodeInfo node, int change)
    {
        if (shape.Relations is not { } relations) return;
        foreach (var selector in relations.Matched) selector.Pods.Add(node.Index, change);
        if (relations.Own is not { } own) return;
        foreach (var term in own.Carried) term.Carriers.Add(node.Index, change);
    }

    private NodeInfo Slot(string name)
    {
        if (_byName.TryGetValue(name, out var node)) return node;
        if (!_free.TryPop(out var index))
        {
            index = _slots.Count;
            _slots.Add(null);
            _lastChange.Add(-1);
        }
        return _byName[name] = _slots[index] = new(name, index);
    }

    private void Release(NodeInfo node)
    {
        if (node.Description is not null || node.Pods > 0) return;
        _byName.Remove(node.Name);
        _slots[node.Index] = null;
        _free.Push(node.Index);
    }

    private void Log(NodeInfo node)
    {
        // Whoever is further behind than this does better to look at all nodes.
        if (_log.Count > Math.Max(1024, 2 * _slots.Count))
        {
            var half = _log.Count / 2;
            _log.RemoveRange(0, half);
            _logStart += half;
        }
        _lastChange[node.Index] = LogEnd;
        _log.Add(node.Index);
    }

    private readonly record struct PlacedPod(NodeInfo Node, PodShape Shape, PodIdentity Identity);
}
