using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Filters;

/// <summary>A reason that looks at more than one node. Named as upstream's plugin.</summary>
internal interface IClusterFilter
{
    string Name { get; }

    /// <summary>What must hold for pods of one shape; null where the shape has nothing to do with it, which is most shapes.</summary>
    IShapeRule? Prepare(PodShape shape, ClusterModel cluster);
}

/// <summary>Why a node is none for a pod.</summary>
/// <param name="Reason">In upstream's words.</param>
/// <param name="PreemptionMayHelp">Whether evicting pods could change it.</param>
internal sealed record Refused(string Reason, bool PreemptionMayHelp);

/// <summary>
/// One filter and score for one shape of pod. It follows the counts node by node and sorts nodes into classes: nodes of the same classes are
/// judged alike, so that what changes for a whole domain costs one look at a class, not one at each of its nodes.
/// </summary>
internal interface IShapeRule
{
    /// <summary>How many classes a node has; set by <see cref="Rebuild"/>.</summary>
    int Width { get; }

    /// <summary>Begins anew, after nodes changed.</summary>
    void Rebuild();

    /// <summary>
    /// Follows a node's counts. Calls <paramref name="touched"/> for each node whose classes may differ or that may be let in or not as before;
    /// true where that is all nodes.
    /// </summary>
    bool Follow(int slot, Action<int> touched);

    /// <summary>Whether the node is none by what is not in its classes.</summary>
    bool KeepsOut(int slot);

    /// <summary>Puts the node's classes into <paramref name="classes"/>, <see cref="Width"/> of them.</summary>
    void Classify(int slot, Span<long> classes);

    /// <summary>Whether nodes of these classes take a pod now.</summary>
    bool Admits(ReadOnlySpan<long> classes);

    /// <summary>Adds to <see cref="NodeGroup.Bonus"/> of each group of feasible nodes; the rule's classes begin at <paramref name="offset"/>.</summary>
    void Score(IReadOnlyList<NodeGroup> feasible, int offset);

    /// <summary>Why the node takes no pod; null where it takes one.</summary>
    Refused? At(int slot);
}
