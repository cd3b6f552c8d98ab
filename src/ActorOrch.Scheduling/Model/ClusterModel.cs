namespace ActorOrch.Scheduling;

/// <summary>
/// The nodes and what is placed on them, kept up to date change by change. It also keeps a log of which nodes changed,
/// so that whoever ranked them before needs to look at those only. Not thread-safe: one owner.
/// </summary>
public sealed class ClusterModel
{
    private readonly Dictionary<string, NodeInfo> _byName = [];
    private readonly List<NodeInfo?> _slots = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<string, (NodeInfo Node, PodShape Shape)> _pods = [];
    private readonly List<int> _log = [];
    private readonly List<long> _lastChange = [];
    private long _logStart;

    /// <summary>Nodes whose objects exist.</summary>
    public int NodeCount { get; private set; }

    public int PodCount => _pods.Count;

    /// <summary>Rises when a node comes, goes, or changes its description: then verdicts that ignore pods are void too.</summary>
    public long Descriptions { get; private set; }

    /// <summary>Rises when a pod that fitted nowhere may fit now: a node came or changed, or a pod left one.</summary>
    public long Openings { get; private set; }

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

    /// <summary>Places a pod, moving it where it was placed elsewhere. The node's object need not exist.</summary>
    public void PutPod(string uid, PodShape shape, string nodeName)
    {
        if (_pods.TryGetValue(uid, out var known))
        {
            if (known.Node.Name == nodeName && ReferenceEquals(known.Shape, shape)) return;
            RemovePod(uid);
        }
        var node = Slot(nodeName);
        node.Add(shape);
        _pods[uid] = (node, shape);
        Log(node);
    }

    public void RemovePod(string uid)
    {
        if (!_pods.Remove(uid, out var pod)) return;
        pod.Node.Remove(pod.Shape);
        Openings++;
        Log(pod.Node);
        Release(pod.Node);
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
}
