using System.Diagnostics;
using System.Text;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Benchmarks.Scheduling;

/// <summary>
/// Upstream's SchedulingBasic at 5,000 nodes: how many pods a second the decision alone places (reading the pods included,
/// binding not), for pods of one owner and for pods of many.
/// </summary>
public static class SchedulingBasic
{
    private const int Nodes = 5_000;
    private const int Pods = 10_000;

    public static Task RunAsync(TextWriter output)
    {
        Place(owners: 1);
        foreach (var owners in (int[])[1, 100])
        {
            var (elapsed, placed) = Place(owners);
            output.WriteLine($"SchedulingBasic/5000Nodes_10000Pods, {owners} owner(s): {placed} placed in {elapsed.TotalMilliseconds:F0} ms, {placed / elapsed.TotalSeconds:F0} pods/s");
        }
        return Task.CompletedTask;
    }

    private static (TimeSpan Elapsed, int Placed) Place(int owners)
    {
        var cluster = new ClusterModel();
        for (var i = 0; i < Nodes; i++) cluster.PutNode(NodeDescription.Read(Node(i)));
        var pods = Enumerable.Range(0, Pods).Select(i => Pod(i, owner: i % owners)).ToArray();
        var placer = new Placer(cluster, SchedulingProfile.Default);
        var pending = new PendingPods();
        var reader = new PendingPodReader(cluster.Context);
        var watch = Stopwatch.StartNew();
        foreach (var pod in pods) pending.Put(reader.Read(pod).Pending!);
        var placed = 0;
        Decision decision;
        do
        {
            decision = pending.Decide(cluster, placer, 1_000, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(10));
            placed += decision.Placements.Count;
        }
        while (decision.More);
        return (watch.Elapsed, placed);
    }

    private static StoredObject Node(int i) => StoredObject.FromJson(BuiltIn.Nodes, Encoding.UTF8.GetBytes($$"""
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-{{i}}","uid":"n{{i}}","labels":{"kubernetes.io/hostname":"node-{{i}}"},"resourceVersion":"1"},
         "spec":{},"status":{"allocatable":{"cpu":"4","memory":"32Gi","pods":"110"} } }
        """));

    private static StoredObject Pod(int i, int owner) => StoredObject.FromJson(BuiltIn.Pods, Encoding.UTF8.GetBytes($$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-{{i}}","namespace":"default","uid":"p{{i}}","creationTimestamp":"2030-01-01T00:00:00Z","labels":{"app":"app-{{owner}}"},"resourceVersion":"1"},
         "spec":{"schedulerName":"default-scheduler","restartPolicy":"Always","containers":[{"name":"pause","image":"pause:3.10","ports":[{"containerPort":80,"protocol":"TCP"}],
         "resources":{"requests":{"cpu":"{{100 + owner}}m","memory":"500Mi"},"limits":{"cpu":"{{100 + owner}}m","memory":"500Mi"} } }] },"status":{"phase":"Pending"} }
        """));
}
