using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Filters;

/// <summary>One reason for which a node may be no place for a pod. Named as upstream's plugin.</summary>
public interface INodeFilter
{
    string Name { get; }

    /// <summary>Whether it looks at the node's description only: what it says stays true whatever is placed there.</summary>
    bool IgnoresPods { get; }

    /// <summary>Whether evicting pods could change its answer.</summary>
    bool PreemptionMayHelp { get; }

    bool Passes(PodShape pod, NodeInfo node);

    /// <summary>Upstream's words for why not. Called only where <see cref="Passes"/> is false.</summary>
    IEnumerable<string> Explain(PodShape pod, NodeInfo node);
}
