using ActorOrch.Resources.Kinds.Nodes;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Scores;

/// <summary>A reason to prefer one node over another that looks at descriptions only; scaled to 0–100 over the nodes that are eligible.</summary>
public interface INodePreference
{
    /// <summary>As upstream's plugin.</summary>
    string Name { get; }

    /// <summary>How much it counts beside the others; upstream's defaults.</summary>
    int Weight { get; }

    /// <summary>Whether a small raw value is the better one.</summary>
    bool LessIsBetter { get; }

    int Raw(PodShape pod, NodeInfo node);
}

/// <summary>Preferred node affinity: the sum of the weights of the terms that match.</summary>
public sealed class PreferredNodeAffinity : INodePreference
{
    public string Name => "NodeAffinity";
    public int Weight => 2;
    public bool LessIsBetter => false;

    public int Raw(PodShape pod, NodeInfo node) => pod.Selection.Preferred.Count == 0 ? 0 : pod.Selection.Preference(node.Name, node.Description!.Labels);
}

/// <summary>Fewer <c>PreferNoSchedule</c> taints that the pod does not tolerate.</summary>
public sealed class PreferNoScheduleTaints : INodePreference
{
    public string Name => "TaintToleration";
    public int Weight => 3;
    public bool LessIsBetter => true;

    public int Raw(PodShape pod, NodeInfo node)
    {
        var count = 0;
        foreach (var taint in node.Description!.Taints)
            if (taint.Effect == Taint.PreferNoSchedule && !pod.Tolerates(taint)) count++;
        return count;
    }
}

/// <summary>How full a node would be with the pod on it, 0 to 100: the mean over CPU and memory (upstream's NodeResourcesFit score).</summary>
public interface IResourceScore
{
    string Name { get; }

    double Of(PodShape pod, NodeInfo node);
}

/// <summary>
/// Bin packing: the fuller the better. The default here, where upstream's is <see cref="LeastAllocated"/>: whole machines stay free,
/// for large pods or to be switched off.
/// </summary>
public sealed class MostAllocated : IResourceScore
{
    public string Name => nameof(MostAllocated);

    public double Of(PodShape pod, NodeInfo node) => Utilization.With(pod, node);
}

/// <summary>Spreading: the emptier the better.</summary>
public sealed class LeastAllocated : IResourceScore
{
    public string Name => nameof(LeastAllocated);

    public double Of(PodShape pod, NodeInfo node) => 100 - Utilization.With(pod, node);
}

internal static class Utilization
{
    internal static double With(PodShape pod, NodeInfo node)
    {
        var has = node.Description!.Allocatable;
        return (Share((double)node.ScoredMilliCpu + pod.Requests.Scored.MilliCpu, has.MilliCpu) + Share((double)node.ScoredMemory + pod.Requests.Scored.Memory, has.Memory)) / 2;
    }

    private static double Share(double used, long has) => has <= 0 ? 0 : Math.Min(100.0, 100.0 * used / has);
}
