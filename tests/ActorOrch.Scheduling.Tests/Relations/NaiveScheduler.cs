namespace ActorOrch.Scheduling.Tests.Relations;

/// <summary>A term of pod affinity, as small as it can be written.</summary>
/// <param name="App">The label <c>app</c> that it looks for; <c>*</c> for any value, empty for all pods, null for a term without a selector.</param>
internal sealed record NaiveTerm(string? App, string Key, string[] Namespaces, string? Team, bool AnyNamespace, bool MatchTier, bool MismatchTier, int Weight)
{
    internal bool Sees(NaivePod owner, NaivePod pod, Dictionary<string, string?> teams)
    {
        var noNamespace = Namespaces.Length == 0 && Team is null && !AnyNamespace;
        var here = noNamespace ? pod.Namespace == owner.Namespace
            : Namespaces.Contains(pod.Namespace) || AnyNamespace || (Team is not null && teams.GetValueOrDefault(pod.Namespace) == Team);
        if (!here || App is null) return false;
        if (App == "*" ? pod.App is null : App.Length > 0 && pod.App != App) return false;
        if (MatchTier && owner.Tier is not null && pod.Tier != owner.Tier) return false;
        return !(MismatchTier && owner.Tier is not null && pod.Tier == owner.Tier);
    }
}

internal sealed record NaiveSpread(string App, string Key, int MaxSkew, int? MinDomains, bool Hard, bool HonorsAffinity, bool HonorsTaints, bool MatchTier)
{
    internal bool Sees(NaivePod owner, NaivePod pod) =>
        !pod.Terminating && pod.Namespace == owner.Namespace && pod.App == App && (!MatchTier || owner.Tier is null || pod.Tier == owner.Tier);
}

internal sealed record NaiveNode(string Name, Dictionary<string, string> Labels, int MilliCpu, bool Tainted, int Room);

/// <summary>A pod in all that the model knows of it.</summary>
/// <param name="Disk">A label <c>disk</c> that its node must have; null for any.</param>
internal sealed record NaivePod(
    string Name, string Namespace, string? App, string? Tier, string? Disk, bool Tolerant,
    NaiveTerm[] Affinity, NaiveTerm[] AntiAffinity, NaiveTerm[] Near, NaiveTerm[] Away, NaiveSpread[] Spread)
{
    internal string? Node { get; init; }
    internal bool Terminating { get; init; }
}

/// <summary>Says by looking at every pod and every node what kube-scheduler's documentation says: slow, and easy to believe.</summary>
internal sealed class NaiveScheduler(Dictionary<string, NaiveNode> nodes, Dictionary<string, NaivePod> pods, Dictionary<string, string?> teams)
{
    private IEnumerable<NaivePod> On(NaiveNode node) => pods.Values.Where(p => p.Node == node.Name);

    private IEnumerable<(NaivePod Pod, NaiveNode Node)> Placed =>
        from pod in pods.Values where pod.Node is not null && nodes.ContainsKey(pod.Node) select (pod, nodes[pod.Node!]);

    internal string? WhyNot(NaivePod pod, NaiveNode node)
    {
        if (node.Tainted && !pod.Tolerant) return "node(s) had untolerated taint {full: }";
        if (pod.Disk is not null && node.Labels.GetValueOrDefault("disk") != pod.Disk) return "node(s) didn't match Pod's node affinity/selector";
        if (On(node).Count() >= node.Room) return "Too many pods";
        var hard = pod.Spread.Where(s => s.Hard).ToList();
        foreach (var spread in hard)
        {
            if (!node.Labels.TryGetValue(spread.Key, out var value)) return "node(s) didn't match pod topology spread constraints (missing required label)";
            var domains = Domains(pod, spread, hard);
            var fewest = domains.Count < (spread.MinDomains ?? 1) ? 0 : domains.Values.Min();
            var self = spread.Sees(pod, pod) ? 1 : 0;
            if (domains.GetValueOrDefault(value) + self - fewest > spread.MaxSkew) return "node(s) didn't match pod topology spread constraints";
        }
        if (!HasFriends(pod, node)) return "node(s) didn't match pod affinity rules";
        if (pod.AntiAffinity.Any(t => Placed.Any(p => t.Sees(pod, p.Pod, teams) && Together(t.Key, node, p.Node)))) return "node(s) didn't match pod anti-affinity rules";
        return Placed.Any(p => p.Pod.AntiAffinity.Any(t => t.Sees(p.Pod, pod, teams) && Together(t.Key, node, p.Node)))
            ? "node(s) didn't satisfy existing pods anti-affinity rules" : null;
    }

    internal Dictionary<string, double> Scores(NaivePod pod)
    {
        var feasible = nodes.Values.Where(n => WhyNot(pod, n) is null).ToList();
        var drawn = feasible.ToDictionary(n => n.Name, n => Drawn(pod, n));
        var (most, least) = (Math.Max(0, drawn.Values.DefaultIfEmpty().Max()), Math.Min(0, drawn.Values.DefaultIfEmpty().Min()));
        var spread = SpreadScores(pod, feasible);
        return feasible.ToDictionary(n => n.Name, n => Packed(n) + 2 * spread[n.Name]
            + (most == least ? 0 : 2 * (long)(100.0 * ((double)(drawn[n.Name] - least) / (most - least)))));
    }

    private double Packed(NaiveNode node)
    {
        var count = On(node).Count() + 1;
        return (Math.Min(100, 100.0 * 100 * count / node.MilliCpu) + Math.Min(100, 100.0 * count * (200L << 20) / (64L << 30))) / 2;
    }

    private bool HasFriends(NaivePod pod, NaiveNode node)
    {
        if (pod.Affinity.Length == 0) return true;
        if (pod.Affinity.Any(t => !node.Labels.ContainsKey(t.Key))) return false;
        var friends = Placed.Where(p => pod.Affinity.All(t => t.Sees(pod, p.Pod, teams))).ToList();
        if (pod.Affinity.All(t => friends.Any(f => Together(t.Key, node, f.Node)))) return true;
        return !friends.Any(f => pod.Affinity.Any(t => f.Node.Labels.ContainsKey(t.Key))) && pod.Affinity.All(t => t.Sees(pod, pod, teams));
    }

    private long Drawn(NaivePod pod, NaiveNode node)
    {
        var sum = 0L;
        foreach (var (other, there) in Placed)
        {
            sum += pod.Near.Where(t => t.Sees(pod, other, teams) && Together(t.Key, node, there)).Sum(t => t.Weight);
            sum -= pod.Away.Where(t => t.Sees(pod, other, teams) && Together(t.Key, node, there)).Sum(t => t.Weight);
            sum += other.Affinity.Count(t => t.Sees(other, pod, teams) && Together(t.Key, node, there));
            sum += other.Near.Where(t => t.Sees(other, pod, teams) && Together(t.Key, node, there)).Sum(t => t.Weight);
            sum -= other.Away.Where(t => t.Sees(other, pod, teams) && Together(t.Key, node, there)).Sum(t => t.Weight);
        }
        return sum;
    }

    private Dictionary<string, long> SpreadScores(NaivePod pod, List<NaiveNode> feasible)
    {
        var soft = pod.Spread.Where(s => !s.Hard).ToList();
        var scored = soft.Count == 0 ? [] : feasible.Where(n => soft.All(s => n.Labels.ContainsKey(s.Key))).ToList();
        var raw = scored.ToDictionary(n => n.Name, n => (long)Math.Round(soft.Sum(s =>
        {
            var size = s.Key == "kubernetes.io/hostname" ? scored.Count : scored.Select(o => o.Labels[s.Key]).Distinct().Count();
            return Domains(pod, s, soft).GetValueOrDefault(n.Labels[s.Key]) * Math.Log(size + 2) + (s.MaxSkew - 1);
        }), MidpointRounding.AwayFromZero));
        var (most, least) = (raw.Values.DefaultIfEmpty().Max(), raw.Values.DefaultIfEmpty().Min());
        return feasible.ToDictionary(n => n.Name, n => !raw.TryGetValue(n.Name, out var crowd) ? 0 : most == 0 ? 100 : 100 * (most + least - crowd) / most);
    }

    /// <summary>The pods of each domain that has a node that counts.</summary>
    private Dictionary<string, int> Domains(NaivePod pod, NaiveSpread spread, List<NaiveSpread> all) => nodes.Values
        .Where(n => all.All(s => n.Labels.ContainsKey(s.Key)))
        .Where(n => !spread.HonorsAffinity || pod.Disk is null || n.Labels.GetValueOrDefault("disk") == pod.Disk)
        .Where(n => !spread.HonorsTaints || !n.Tainted || pod.Tolerant)
        .GroupBy(n => n.Labels[spread.Key])
        .ToDictionary(d => d.Key, d => d.Sum(n => On(n).Count(p => spread.Sees(pod, p))));

    private static bool Together(string key, NaiveNode a, NaiveNode b) => a.Labels.TryGetValue(key, out var here) && b.Labels.TryGetValue(key, out var there) && here == there;
}
