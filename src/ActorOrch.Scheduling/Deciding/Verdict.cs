using ActorOrch.Scheduling.Filters;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Deciding;

/// <summary>Why a pod fits nowhere, in upstream's words.</summary>
/// <param name="Nodes">How many nodes there are.</param>
/// <param name="Reasons">How many of them were refused for what, sorted as they are printed.</param>
/// <param name="Message">The condition's and the event's text.</param>
public sealed record Verdict(int Nodes, IReadOnlyList<(string Reason, int Nodes)> Reasons, string Message)
{
    private const string NoVictims = "No preemption victims found for incoming pod";
    private const string NotHelpful = "Preemption is not helpful for scheduling";

    public static readonly Verdict NoNodes = new(0, [], "no nodes available to schedule pods");

    /// <summary>Asks every node why not. No node passes all filters; a pod is refused by the first that it does not pass.</summary>
    /// <param name="elsewhere">Why, of what looks at other nodes, too, a node takes no such pod.</param>
    internal static Verdict Of(PodShape pod, ClusterModel cluster, SchedulingProfile profile, Func<NodeInfo, Refused?> elsewhere)
    {
        if (cluster.NodeCount == 0) return NoNodes;
        var reasons = new Dictionary<string, int>();
        var preemption = new Dictionary<string, int>();
        var named = pod.Selection.RequiredNames;
        foreach (var node in cluster.Nodes)
        {
            if (named is not null && !named.Contains(node.Name))
            {
                Count(reasons, "node(s) didn't satisfy plugin(s) [NodeAffinity]");
                Count(preemption, NotHelpful);
                continue;
            }
            if (profile.Filters.FirstOrDefault(f => !f.Passes(pod, node)) is { } filter)
            {
                foreach (var reason in filter.Explain(pod, node)) Count(reasons, reason);
                Count(preemption, filter.PreemptionMayHelp ? NoVictims : NotHelpful);
            }
            else if (elsewhere(node) is { } refused)
            {
                Count(reasons, refused.Reason);
                Count(preemption, refused.PreemptionMayHelp ? NoVictims : NotHelpful);
            }
        }
        var sorted = Sort(reasons);
        var attempt = pod.MayPreempt
            ? $"preemption: {Print(cluster.NodeCount, Sort(preemption))}"
            : "preemption: not eligible due to preemptionPolicy=Never.";
        return new(cluster.NodeCount, sorted, $"{Print(cluster.NodeCount, sorted)} {attempt}");
    }

    private static void Count(Dictionary<string, int> counts, string reason) => counts[reason] = counts.GetValueOrDefault(reason) + 1;

    // Upstream sorts the printed texts, so that 10 comes before 2.
    private static (string Reason, int Nodes)[] Sort(Dictionary<string, int> counts) =>
        [.. counts.Select(c => (c.Key, c.Value)).OrderBy(c => $"{c.Value} {c.Key}", StringComparer.Ordinal)];

    private static string Print(int nodes, IEnumerable<(string Reason, int Nodes)> reasons) =>
        $"0/{nodes} nodes are available: {string.Join(", ", reasons.Select(r => $"{r.Nodes} {r.Reason}"))}.";
}
