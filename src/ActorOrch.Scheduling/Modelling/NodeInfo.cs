namespace ActorOrch.Scheduling.Modelling;

/// <summary>A node and the sum of what the pods on it ask for. Changed only through <see cref="ClusterModel"/>.</summary>
public sealed class NodeInfo(string name, int index)
{
    /// <summary>A pod that was bound past the scheduler counts no more than this, 256 TiB: thousands of them still add up.</summary>
    private const long MostOfOne = 1L << 48;

    private readonly Dictionary<string, long> _extended = [];
    private readonly List<HostPort> _ports = [];

    public string Name { get; } = name;

    /// <summary>Its place in <see cref="ClusterModel.Slots"/>.</summary>
    public int Index { get; } = index;

    /// <summary>Null while only pods speak of the node: its object is not there, and nothing is placed on it.</summary>
    public NodeDescription? Description { get; internal set; }

    public long MilliCpu { get; private set; }
    public long Memory { get; private set; }
    public long EphemeralStorage { get; private set; }

    /// <summary>CPU and memory with the minimum for pods that name none (<see cref="PodRequests.Scored"/>).</summary>
    public long ScoredMilliCpu { get; private set; }
    public long ScoredMemory { get; private set; }

    public int Pods { get; private set; }

    public long Extended(string resource) => _extended.GetValueOrDefault(resource);

    public bool HasFree(IReadOnlyList<HostPort> ports)
    {
        foreach (var port in ports)
            foreach (var taken in _ports)
                if (port.ConflictsWith(taken)) return false;
        return true;
    }

    internal void Add(PodShape pod)
    {
        Count(pod, 1);
        _ports.AddRange(pod.HostPorts);
    }

    internal void Remove(PodShape pod)
    {
        Count(pod, -1);
        foreach (var port in pod.HostPorts) _ports.Remove(port);
    }

    private void Count(PodShape pod, int sign)
    {
        var (requests, scored) = (pod.Requests.Requests, pod.Requests.Scored);
        Pods += sign;
        MilliCpu += sign * Bounded(requests.MilliCpu);
        Memory += sign * Bounded(requests.Memory);
        EphemeralStorage += sign * Bounded(requests.EphemeralStorage);
        ScoredMilliCpu += sign * Bounded(scored.MilliCpu);
        ScoredMemory += sign * Bounded(scored.Memory);
        foreach (var (resource, amount) in requests.Extended) _extended[resource] = Extended(resource) + sign * Bounded(amount);
    }

    private static long Bounded(long amount) => Math.Min(amount, MostOfOne);
}
