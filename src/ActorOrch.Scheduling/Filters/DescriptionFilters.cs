using ActorOrch.Resources.Kinds.Nodes;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Filters;

/// <summary>Cordoned nodes take only what tolerates <c>node.kubernetes.io/unschedulable</c>.</summary>
public sealed class NodeUnschedulable : INodeFilter
{
    private static readonly Taint Cordoned = new("node.kubernetes.io/unschedulable", "", Taint.NoSchedule);

    public string Name => nameof(NodeUnschedulable);
    public bool IgnoresPods => true;
    public bool PreemptionMayHelp => false;

    public bool Passes(PodShape pod, NodeInfo node) => !node.Description!.Unschedulable || pod.Tolerates(Cordoned);

    public IEnumerable<string> Explain(PodShape pod, NodeInfo node) => ["node(s) were unschedulable"];
}

/// <summary>A pod that names its node runs there or nowhere.</summary>
public sealed class NodeName : INodeFilter
{
    public string Name => nameof(NodeName);
    public bool IgnoresPods => true;
    public bool PreemptionMayHelp => false;

    public bool Passes(PodShape pod, NodeInfo node) => pod.NodeName.Length == 0 || pod.NodeName == node.Name;

    public IEnumerable<string> Explain(PodShape pod, NodeInfo node) => ["node(s) didn't match the requested node name"];
}

/// <summary>Every <c>NoSchedule</c> and <c>NoExecute</c> taint must be tolerated.</summary>
public sealed class TaintToleration : INodeFilter
{
    public string Name => nameof(TaintToleration);
    public bool IgnoresPods => true;
    public bool PreemptionMayHelp => false;

    public bool Passes(PodShape pod, NodeInfo node) => Untolerated(pod, node) is null;

    public IEnumerable<string> Explain(PodShape pod, NodeInfo node)
    {
        var taint = Untolerated(pod, node)!;
        return [$"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}"];
    }

    internal static Taint? Untolerated(PodShape pod, NodeInfo node)
    {
        foreach (var taint in node.Description!.Taints)
            if (taint.Effect is Taint.NoSchedule or Taint.NoExecute && !pod.Tolerates(taint)) return taint;
        return null;
    }
}

/// <summary><c>nodeSelector</c> and required node affinity.</summary>
public sealed class NodeAffinity : INodeFilter
{
    public string Name => nameof(NodeAffinity);
    public bool IgnoresPods => true;
    public bool PreemptionMayHelp => false;

    public bool Passes(PodShape pod, NodeInfo node) => pod.Selection.Matches(node.Name, node.Description!.Labels);

    public IEnumerable<string> Explain(PodShape pod, NodeInfo node) => ["node(s) didn't match Pod's node affinity/selector"];
}
