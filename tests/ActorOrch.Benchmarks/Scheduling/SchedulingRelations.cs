using System.Diagnostics;
using System.Text;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Benchmarks.Scheduling;

/// <summary>
/// Upstream's cases of pods that depend on other pods, at 5,000 nodes: pods a second that the decision alone places, reading included, beside
/// plain pods in the same number, in the same run. The first pods of each case are there before the clock starts.
/// </summary>
internal static class SchedulingRelations
{
    private const int Nodes = 5_000;
    private const int Rounds = 5;

    internal sealed record Case(string Name, int First, int Measured, int Zones, string Labels, string Spec, string? FirstSpec = null);

    internal static readonly IReadOnlyList<Case> All =
    [
        new("SchedulingPodAntiAffinity", 1_000, 2_000, 0, """{"color":"green"}""", Affinity("podAntiAffinity", Required("green", "kubernetes.io/hostname"))),
        new("SchedulingPodAffinity", 5_000, 5_000, 1, """{"color":"blue"}""", Affinity("podAffinity", Required("blue", "topology.kubernetes.io/zone"))),
        new("SchedulingPreferredPodAffinity", 5_000, 5_000, 0, """{"color":"red"}""", Affinity("podAffinity", Preferred("red", "kubernetes.io/hostname"))),
        new("SchedulingPreferredPodAntiAffinity", 5_000, 5_000, 0, """{"color":"yellow"}""", Affinity("podAntiAffinity", Preferred("yellow", "kubernetes.io/hostname"))),
        new("TopologySpreading", 5_000, 5_000, 3, """{"color":"blue"}""", Spread(5, "DoNotSchedule"), ""),
        new("PreferredTopologySpreading", 5_000, 5_000, 3, """{"color":"blue"}""", Spread(5, "ScheduleAnyway"), ""),
    ];

    internal static Task RunAsync(Case which, TextWriter output)
    {
        var basic = which with { Spec = "", FirstSpec = "" };
        Measure(basic);
        Measure(which);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var (plain, related) = (Measure(basic), Measure(which));
            ratios.Add(related / plain);
            output.WriteLine($"{which.Name}/{Nodes}Nodes_{which.Measured}Pods: {which.Measured / related.TotalSeconds:F0} pods/s, plain pods {which.Measured / plain.TotalSeconds:F0}/s, {related / plain:F2} times their time");
        }
        ratios.Sort();
        output.WriteLine($"{which.Name}: {ratios[Rounds / 2]:F2} times the time of plain pods (median of {Rounds})");
        return Task.CompletedTask;
    }

    private static TimeSpan Measure(Case which)
    {
        var cluster = new ClusterModel();
        for (var i = 0; i < Nodes; i++) cluster.PutNode(NodeDescription.Read(Node(i, which.Zones)));
        var placer = new Placer(cluster, SchedulingProfile.Default);
        var pending = new PendingPods();
        var reader = new PendingPodReader(cluster.Context);
        var first = Enumerable.Range(0, which.First).Select(i => Pod($"first-{i}", which.Labels, which.FirstSpec ?? which.Spec)).ToArray();
        var measured = Enumerable.Range(0, which.Measured).Select(i => Pod($"pod-{i}", which.Labels, which.Spec)).ToArray();
        Place(first);
        GC.Collect();
        var watch = Stopwatch.StartNew();
        Place(measured);
        return watch.Elapsed;

        void Place(StoredObject[] pods)
        {
            foreach (var pod in pods) pending.Put(reader.Read(pod).Pending!);
            var placed = 0;
            Decision decision;
            do
            {
                decision = pending.Decide(cluster, placer, 1_000, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(10));
                placed += decision.Placements.Count;
            }
            while (decision.More);
            if (placed != pods.Length) throw new InvalidOperationException($"{which.Name}: {placed} of {pods.Length} pods were placed");
        }
    }

    private static string Affinity(string kind, string terms) => $$""","affinity":{"{{kind}}":{{{terms}}} }""";

    private static string Required(string color, string key) => $$""" "requiredDuringSchedulingIgnoredDuringExecution":[{{Term(color, key)}}]""";

    private static string Preferred(string color, string key) => $$""" "preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{{Term(color, key)}} }]""";

    private static string Term(string color, string key) =>
        $$"""{"labelSelector":{"matchLabels":{"color":"{{color}}"} },"topologyKey":"{{key}}","namespaces":["sched-1","sched-0"]}""";

    private static string Spread(int skew, string action) => $$"""
        ,"topologySpreadConstraints":[{"maxSkew":{{skew}},"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"{{action}}","labelSelector":{"matchLabels":{"color":"blue"} } }]
        """;

    private static StoredObject Node(int i, int zones)
    {
        var zone = zones == 0 ? "" : $$""","topology.kubernetes.io/zone":"moon-{{i % zones}}" """;
        return StoredObject.FromJson(BuiltIn.Nodes, Encoding.UTF8.GetBytes($$"""
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-{{i}}","uid":"n{{i}}","labels":{"kubernetes.io/hostname":"node-{{i}}"{{zone}} },"resourceVersion":"1"},
             "spec":{},"status":{"allocatable":{"cpu":"4","memory":"32Gi","pods":"110"} } }
            """));
    }

    private static StoredObject Pod(string name, string labels, string more) => StoredObject.FromJson(BuiltIn.Pods, Encoding.UTF8.GetBytes($$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","namespace":"sched-0","uid":"{{name}}","creationTimestamp":"2030-01-01T00:00:00Z","labels":{{labels}},"resourceVersion":"1"},
         "spec":{"schedulerName":"default-scheduler","restartPolicy":"Always","containers":[{"name":"pause","image":"pause:3.10","ports":[{"containerPort":80,"protocol":"TCP"}],
         "resources":{"requests":{"cpu":"100m","memory":"500Mi"},"limits":{"cpu":"100m","memory":"500Mi"} } }]{{more}} },"status":{"phase":"Pending"} }
        """));
}
