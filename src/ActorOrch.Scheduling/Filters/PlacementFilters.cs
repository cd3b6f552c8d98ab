using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Filters;

/// <summary>Two pods cannot have the same port of the machine.</summary>
public sealed class NodePorts : INodeFilter
{
    public string Name => nameof(NodePorts);
    public bool IgnoresPods => false;
    public bool PreemptionMayHelp => true;

    public bool Passes(PodShape pod, NodeInfo node) => pod.HostPorts.Count == 0 || node.HasFree(pod.HostPorts);

    public IEnumerable<string> Explain(PodShape pod, NodeInfo node) => ["node(s) didn't have free ports for the requested pod ports"];
}

/// <summary>What the pod requests must be free of what the node can allocate.</summary>
public sealed class NodeResourcesFit : INodeFilter
{
    public string Name => nameof(NodeResourcesFit);
    public bool IgnoresPods => false;
    public bool PreemptionMayHelp => true;

    public bool Passes(PodShape pod, NodeInfo node)
    {
        var (request, has) = (pod.Requests.Requests, node.Description!.Allocatable);
        if (node.Pods >= node.Description.AllowedPods) return false;
        if (Lacks(request.MilliCpu, has.MilliCpu, node.MilliCpu)) return false;
        if (Lacks(request.Memory, has.Memory, node.Memory)) return false;
        if (Lacks(request.EphemeralStorage, has.EphemeralStorage, node.EphemeralStorage)) return false;
        if (request.Extended.Count == 0) return true;
        foreach (var (resource, amount) in request.Extended)
            if (Lacks(amount, has.Extended.GetValueOrDefault(resource), node.Extended(resource))) return false;
        return true;
    }

    public IEnumerable<string> Explain(PodShape pod, NodeInfo node)
    {
        var (request, has) = (pod.Requests.Requests, node.Description!.Allocatable);
        if (node.Pods >= node.Description.AllowedPods) yield return "Too many pods";
        if (Lacks(request.MilliCpu, has.MilliCpu, node.MilliCpu)) yield return "Insufficient cpu";
        if (Lacks(request.Memory, has.Memory, node.Memory)) yield return "Insufficient memory";
        if (Lacks(request.EphemeralStorage, has.EphemeralStorage, node.EphemeralStorage)) yield return "Insufficient ephemeral-storage";
        foreach (var (resource, amount) in request.Extended)
            if (Lacks(amount, has.Extended.GetValueOrDefault(resource), node.Extended(resource))) yield return $"Insufficient {resource}";
    }

    // A pod that asks for none of it does not mind that the node has less than none left.
    private static bool Lacks(long request, long has, long used) => request > 0 && request > has - used;
}
