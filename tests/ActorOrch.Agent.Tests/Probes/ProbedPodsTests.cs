using ActorOrch.Agent.Runtimes.Simulated;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Probes;

/// <summary>An agent whose pods have probes with any numbers serves them all.</summary>
public sealed class ProbedPodsTests
{
    [Fact]
    public async Task A_pod_beside_ones_with_probes_at_the_ends_of_time_becomes_ready()
    {
        await using var bench = new AgentBench("agent-probes", new SimulatedRuntime("agent-probes", TimeProvider.System), new("agent-probes", "10.212.0.0/24", "fd97:96::/64"));
        bench.Start();
        var slow = Pod("slow", new() { PeriodSeconds = 5_000_000 });
        var never = Pod("never", new() { InitialDelaySeconds = int.MaxValue, PeriodSeconds = int.MaxValue, TimeoutSeconds = int.MaxValue });
        var quick = Pod("quick", new() { PeriodSeconds = 1 });
        bench.Assign(slow, never, quick);
        await bench.WhenReadyAsync(slow.Metadata.Uid, quick.Metadata.Uid);
        Assert.False(AgentBench.IsReady(bench.Status(never.Metadata.Uid)!));
        // Its own numbers do not keep it from being changed or removed either.
        never.Metadata.DeletionTimestamp = DateTime.MaxValue;
        never.Metadata.DeletionGracePeriodSeconds = long.MaxValue;
        never.Spec.TerminationGracePeriodSeconds = long.MaxValue;
        bench.Change(never);
        await bench.WhenTerminatedAsync(never.Metadata.Uid);
        var late = Pod("late", new() { PeriodSeconds = 1 });
        bench.Change(late);
        await bench.WhenReadyAsync(late.Metadata.Uid);
    }

    private static V1Pod Pod(string name, V1Probe readiness)
    {
        var container = TestPods.Container("main", "sleep 3600");
        readiness.Exec = new() { Command = ["true"] };
        container.ReadinessProbe = readiness;
        return TestPods.Of(name, container);
    }
}
