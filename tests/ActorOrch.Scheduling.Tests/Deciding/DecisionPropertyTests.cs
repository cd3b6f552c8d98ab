using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;
using CsCheck;

namespace ActorOrch.Scheduling.Tests.Deciding;

public class DecisionPropertyTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private static readonly Gen<(int Cpu, int Pods, bool Tainted, bool Cordoned)[]> Nodes =
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 12], Gen.Bool, Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true)))).Array[0, 12];

    private static readonly Gen<(int MilliCpu, int Priority, bool Tolerant, bool Port)[]> Pods =
        Gen.Select(Gen.Int[0, 4].Select(i => ((int[])[0, 100, 500, 1000, 3000])[i]), Gen.Int[0, 2], Gen.Bool, Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true)))).Array[0, 80];

    /// <summary>Steps between rounds: bind nothing, or let the n-th placed pod finish.</summary>
    private static readonly Gen<int[]> Finishing = Gen.Int[0, 100].Array[0, 10];

    [Fact]
    public void No_node_is_over_committed_and_only_pods_that_fit_nowhere_are_refused() =>
        Gen.Select(Nodes, Pods, Finishing, Gen.Int[1, 50]).Sample((nodes, pods, finishing, batch) =>
        {
            var world = new World(nodes, pods, seed: 7);
            foreach (var finished in (int[])[.. finishing, -1])
            {
                Decision decision;
                do
                {
                    decision = world.Pending.Decide(world.Cluster, world.Placer, batch, Now, TimeSpan.Zero);
                    world.Placed.AddRange(decision.Placements.Select(p => (p.Pod, p.Node)));
                    world.CheckCommitments();
                }
                while (decision.More);
                foreach (var waiting in world.Pending.All)
                    Assert.DoesNotContain(world.Cluster.Nodes, node => world.Placer.Fits(waiting.Shape, node));
                if (finished < 0 || world.Placed.Count == 0) continue;
                var (pod, _) = world.Placed[finished % world.Placed.Count];
                world.Placed.RemoveAt(finished % world.Placed.Count);
                world.Cluster.RemovePod(pod.Uid);
            }
        }, iter: 300);

    [Fact]
    public void The_same_seed_decides_the_same() => Gen.Select(Nodes, Pods, Gen.Int).Sample((nodes, pods, seed) =>
    {
        string[] Decide()
        {
            var world = new World(nodes, pods, seed);
            return [.. world.Pending.Decide(world.Cluster, world.Placer, int.MaxValue, Now, TimeSpan.Zero).Placements.Select(p => $"{p.Pod.Key}>{p.Node}")];
        }
        Assert.Equal(Decide(), Decide());
    }, iter: 100);

    [Fact]
    public void Higher_priority_is_placed_first() => Gen.Select(Nodes, Pods).Sample((nodes, pods) =>
    {
        var world = new World(nodes, pods, seed: 1);
        var placements = world.Pending.Decide(world.Cluster, world.Placer, int.MaxValue, Now, TimeSpan.Zero).Placements;
        Assert.Equal(placements.OrderByDescending(p => p.Pod.Priority).Select(p => p.Pod.Priority), placements.Select(p => p.Pod.Priority));
    }, iter: 100);

    private sealed class World
    {
        internal ClusterModel Cluster { get; }
        internal Placer Placer { get; }
        internal PendingPods Pending { get; } = new();
        internal List<(PendingPod Pod, string Node)> Placed { get; } = [];

        internal World((int Cpu, int Pods, bool Tainted, bool Cordoned)[] nodes, (int MilliCpu, int Priority, bool Tolerant, bool Port)[] pods, int seed)
        {
            Cluster = Samples.Cluster(nodes.Select((n, i) => Samples.Node($"n{i}", $"{n.Cpu}", pods: n.Pods, spec: Spec(n.Tainted, n.Cordoned))));
            Placer = new(Cluster, SchedulingProfile.Named("MostAllocated", seed));
            var shapes = new PodShapes();
            for (var i = 0; i < pods.Length; i++)
            {
                var pod = pods[i];
                var more = (pod.Tolerant ? ""","tolerations":[{"operator":"Exists"}]""" : "")
                    + (pod.Port ? ""","initContainers":[{"name":"p","restartPolicy":"Always","ports":[{"hostPort":80}]}]""" : "");
                Pending.Put(new(Samples.Pod($"p{i}"), shapes.Of(Samples.Asking($"{pod.MilliCpu}m", more: more)), pod.Priority));
            }
        }

        internal void CheckCommitments()
        {
            foreach (var byNode in Placed.GroupBy(p => p.Node))
            {
                var node = Cluster.Find(byNode.Key)!;
                Assert.True(byNode.Sum(p => p.Pod.Shape.Requests.Requests.MilliCpu) <= node.Description!.Allocatable.MilliCpu);
                Assert.True(byNode.Count() <= node.Description.AllowedPods);
                Assert.True(byNode.Count(p => p.Pod.Shape.HostPorts.Count > 0) <= 1);
                Assert.All(byNode, p => Assert.True(!node.Description.Unschedulable || p.Pod.Shape.Tolerations.Count > 0));
            }
        }

        private static string Spec(bool tainted, bool cordoned) => $$"""
            {"unschedulable":{{(cordoned ? "true" : "false")}},"taints":[{{(tainted ? """{"key":"k","value":"v","effect":"NoSchedule"}""" : "")}}]}
            """;
    }
}
