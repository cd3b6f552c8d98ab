using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Tests.Relations;

/// <summary>The scheduler's own model and the naive one, side by side: what is done to one is done to the other.</summary>
internal sealed class NaiveWorld
{
    private readonly Dictionary<string, NaiveNode> _nodes = [];
    private readonly Dictionary<string, NaivePod> _pods = [];
    private readonly Dictionary<string, string?> _teams = [];
    private readonly NaiveScheduler _naive;
    private readonly ClusterModel _cluster = new();
    private readonly PendingPods _pending = new();
    private readonly PendingPodReader _reader;
    private readonly Placer _placer;

    internal NaiveWorld()
    {
        _naive = new(_nodes, _pods, _teams);
        _reader = new(_cluster.Context);
        _placer = new(_cluster, SchedulingProfile.Default);
    }

    internal IReadOnlyList<string> Pods => [.. _pods.Keys.Order(StringComparer.Ordinal)];
    internal IReadOnlyList<string> Nodes => [.. _nodes.Keys.Order(StringComparer.Ordinal)];
    internal int Placements { get; private set; }
    internal int Refusals { get; private set; }

    internal NaivePod Pod(string name) => _pods[name];

    internal NaiveNode Node(string name) => _nodes[name];

    internal void Put(NaiveNode node)
    {
        _nodes[node.Name] = node;
        var labels = new JsonObject(node.Labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        _cluster.PutNode(NodeDescription.Read(Samples.Node(
            node.Name, $"{node.MilliCpu}m", "64Gi", node.Room, node.Tainted ? """{"taints":[{"key":"full","effect":"NoSchedule"}]}""" : "{}", labels.ToJsonString())));
    }

    internal void RemoveNode(string name)
    {
        _nodes.Remove(name);
        _cluster.RemoveNode(name);
    }

    internal void PutTeam(string @namespace, string? team)
    {
        _teams[@namespace] = team;
        _cluster.PutNamespace(@namespace, team is null ? new Dictionary<string, string>() : new() { ["team"] = team });
    }

    internal void Put(NaivePod pod)
    {
        _pods[pod.Name] = pod;
        Follow(pod);
    }

    internal void Remove(string name)
    {
        _pending.Remove(new(_pods[name].Namespace, name));
        _cluster.RemovePod(name);
        _pods.Remove(name);
    }

    /// <summary>Decides until nothing is left that could be placed; each placement must be one of the naive model's best, each pod left have none.</summary>
    internal void DecideAndCompare()
    {
        Decision decision;
        do
        {
            decision = _pending.Decide(_cluster, _placer, 3, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
            foreach (var (pod, node) in decision.Placements)
            {
                var scores = _naive.Scores(_pods[pod.Uid]);
                Assert.True(scores.TryGetValue(node, out var score), $"{pod.Uid} on {node}: {(_nodes.TryGetValue(node, out var chosen) ? _naive.WhyNot(_pods[pod.Uid], chosen) : "gone")}");
                Assert.True(score >= scores.Values.Max() - 1e-6, $"{pod.Uid} on {node}: {string.Join(", ", scores.Select(s => $"{s.Key} {s.Value:F2}"))}");
                _pods[pod.Uid] = _pods[pod.Uid] with { Node = node };
                Placements++;
            }
        }
        while (decision.More);
        // What is bound comes back as a change, and is what was placed.
        foreach (var pod in _pods.Values.Where(p => p.Node is not null)) Follow(pod);
        foreach (var pending in _pending.All)
        {
            Refusals++;
            var reasons = _nodes.Values.GroupBy(n => _naive.WhyNot(_pods[pending.Uid], n) ?? $"{pending.Uid} fits {n.Name}").Select(r => (r.Key, r.Count()));
            Assert.Equal(reasons.OrderBy(r => $"{r.Item2} {r.Key}", StringComparer.Ordinal), _placer.Explain(pending.Shape).Reasons);
        }
    }

    private void Follow(NaivePod pod)
    {
        var stored = Stored(pod);
        var reading = _reader.Read(stored);
        if (reading.Pending is { } pending) _pending.Put(pending);
        else if (reading.NodeName is { } node) _cluster.PutPod(stored.Uid, reading.Shape!, node, PodIdentity.Of(stored));
    }

    private static StoredObject Stored(NaivePod pod)
    {
        var labels = new JsonObject();
        if (pod.App is not null) labels["app"] = pod.App;
        if (pod.Tier is not null) labels["tier"] = pod.Tier;
        var metadata = new JsonObject
        {
            ["name"] = pod.Name,
            ["namespace"] = pod.Namespace,
            ["uid"] = pod.Name,
            ["labels"] = labels,
            ["creationTimestamp"] = "2030-01-01T00:00:00Z",
            ["resourceVersion"] = "1",
        };
        if (pod.Terminating) metadata["deletionTimestamp"] = "2030-01-01T00:00:01Z";
        var spec = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "c" }),
            ["affinity"] = new JsonObject
            {
                ["podAffinity"] = Part(pod.Affinity, pod.Near),
                ["podAntiAffinity"] = Part(pod.AntiAffinity, pod.Away),
            },
            ["topologySpreadConstraints"] = new JsonArray([.. pod.Spread.Select(Spread)]),
        };
        if (pod.Node is not null) spec["nodeName"] = pod.Node;
        if (pod.Disk is not null) spec["nodeSelector"] = new JsonObject { ["disk"] = pod.Disk };
        if (pod.Tolerant) spec["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" });
        return StoredObject.FromJson(BuiltIn.Pods, System.Text.Encoding.UTF8.GetBytes(
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = spec }.ToJsonString()));
    }

    private static JsonObject Part(NaiveTerm[] required, NaiveTerm[] preferred) => new()
    {
        ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonArray([.. required.Select(Term)]),
        ["preferredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(
            [.. preferred.Select(t => new JsonObject { ["weight"] = t.Weight, ["podAffinityTerm"] = Term(t) })]),
    };

    private static JsonNode Term(NaiveTerm term)
    {
        var written = new JsonObject { ["topologyKey"] = term.Key };
        if (term.App is "*") written["labelSelector"] = JsonNode.Parse("""{"matchExpressions":[{"key":"app","operator":"Exists"}]}""");
        else if (term.App is not null) written["labelSelector"] = term.App.Length == 0 ? new JsonObject() : App(term.App);
        if (term.Namespaces.Length > 0) written["namespaces"] = new JsonArray([.. term.Namespaces.Select(n => (JsonNode)n)]);
        if (term.AnyNamespace) written["namespaceSelector"] = new JsonObject();
        else if (term.Team is not null) written["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["team"] = term.Team } };
        if (term.MatchTier) written["matchLabelKeys"] = new JsonArray("tier");
        if (term.MismatchTier) written["mismatchLabelKeys"] = new JsonArray("tier");
        return written;
    }

    private static JsonNode Spread(NaiveSpread spread)
    {
        var written = new JsonObject
        {
            ["topologyKey"] = spread.Key,
            ["maxSkew"] = spread.MaxSkew,
            ["whenUnsatisfiable"] = spread.Hard ? "DoNotSchedule" : "ScheduleAnyway",
            ["labelSelector"] = App(spread.App),
            ["nodeAffinityPolicy"] = spread.HonorsAffinity ? "Honor" : "Ignore",
        };
        if (spread.MinDomains is { } least) written["minDomains"] = least;
        if (spread.HonorsTaints) written["nodeTaintsPolicy"] = "Honor";
        if (spread.MatchTier) written["matchLabelKeys"] = new JsonArray("tier");
        return written;
    }

    private static JsonObject App(string app) => new() { ["matchLabels"] = new JsonObject { ["app"] = app } };
}
