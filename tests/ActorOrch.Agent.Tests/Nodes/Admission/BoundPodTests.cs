using System.Text;
using System.Threading.Channels;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Simulated;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;
using k8s;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Nodes.Admission;

/// <summary>Pods that were bound past the scheduler, to nodes that have no room for them.</summary>
public sealed class BoundPodTests
{
    private const string Reason = "OutOfcpu";
    private const string Message = "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000";

    [Fact]
    public async Task A_pod_for_which_there_is_no_room_fails_and_the_room_of_one_that_has_ended_is_free()
    {
        var runtime = new SimulatedRuntime("agent-room", TimeProvider.System, cpus: 4);
        await using var bench = new AgentBench("agent-room", runtime, new("agent-room", "10.212.2.0/24", null));
        bench.Start();
        await bench.Hello;
        var (first, second) = (Asking("first", "2"), Asking("second", "3"));
        first.Spec.RestartPolicy = "Never";
        bench.Assign(first);
        await bench.WhenReadyAsync(first.Metadata.Uid);

        bench.Change(second);
        await bench.WhenAsync(second.Metadata.Uid, s => s.Phase == "Failed");

        Assert.Equal((Reason, Message), (bench.Status(second.Metadata.Uid)!.Reason, bench.Status(second.Metadata.Uid)!.Message));
        Assert.Contains(bench.Events.All, e => e is { Pod: "second", Type: "Warning", Reason: Reason });
        Assert.Empty(await runtime.ListPodAsync(second.Metadata.Uid, CancellationToken.None));

        runtime.Crash((await runtime.ListPodAsync(first.Metadata.Uid, CancellationToken.None)).Single().Id, 0);
        await bench.WhenAsync(first.Metadata.Uid, s => s.Phase == "Succeeded");
        var third = Asking("third", "3");
        bench.Change(third);
        await bench.WhenReadyAsync(third.Metadata.Uid);
        // What is forced away holds nothing back.
        bench.Remove(third.Metadata.Uid);
        var fourth = Asking("fourth", "3");
        bench.Change(fourth);
        await bench.WhenReadyAsync(fourth.Metadata.Uid);
        // Nor does what a whole picture leaves out.
        var fifth = Asking("fifth", "3");
        bench.Assign(fifth);
        await bench.WhenReadyAsync(fifth.Metadata.Uid);
    }

    [Fact]
    public async Task What_runs_when_the_agent_starts_was_taken_before_whatever_comes_first()
    {
        await using var bench = new AgentBench("agent-room", new SimulatedRuntime("agent-room", TimeProvider.System, cpus: 4), new("agent-room", "10.212.3.0/24", null));
        bench.Start();
        var runs = Asking("runs", "2");
        bench.Assign(runs);
        await bench.WhenReadyAsync(runs.Metadata.Uid);
        await bench.StopAgentAsync();
        runs.Status = bench.Status(runs.Metadata.Uid);

        bench.Start("agent-again");
        var late = Asking("late", "3");
        bench.Assign(late, runs);
        await bench.WhenAsync(late.Metadata.Uid, s => s is { Phase: "Failed", Reason: Reason });
        Assert.True(AgentBench.IsReady(bench.Status(runs.Metadata.Uid)!));
    }

    [Fact]
    public async Task Simulated_nodes_take_no_more_than_they_have_either()
    {
        using var system = ActorSystem.Create("simulated-room", "akka.loglevel = WARNING");
        var reports = Channel.CreateUnbounded<PodStatusReport>();
        var region = system.ActorOf(Props.Create(() => new Region(reports.Writer)));
        var options = new AgentOptions { NodeName = "sim", DataDirectory = "/nowhere", HostAddresses = ["192.0.2.1"], PodNetwork = new("sim", "10.212.4.0/24", null) };
        var agent = AgentHost.StartSimulated(system, [options], new RuntimeInfo("simulated://1.0", "", "x86_64", "", 4, 32L << 30), new InMemoryRegistry(), region, TimeProvider.System).Agent;
        var (first, second, third) = (Asking("first", "2"), Asking("second", "3"), Asking("third", "3"));

        agent.Tell(new PodsChanged("sim", [Bytes(first), Bytes(second)], []));
        Assert.Equal(("first", "Running"), await NextAsync());
        Assert.Equal(("second", "Failed"), await NextAsync());
        agent.Tell(new PodsChanged("sim", [Bytes(third)], [first.Metadata.Uid]));
        Assert.Equal(("third", "Running"), await NextAsync());

        async Task<(string, string)> NextAsync()
        {
            var report = await reports.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            var status = Model.Parse<V1PodStatus>(report.StatusJson);
            if (status.Phase == "Failed") Assert.Equal((Reason, Message), (status.Reason, status.Message));
            return (report.Name, status.Phase);
        }
    }

    private static V1Pod Asking(string name, string cpu)
    {
        var pod = TestPods.Sleeping(name);
        pod.Spec.Containers[0].Resources = new() { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu) } };
        return pod;
    }

    private static byte[] Bytes(V1Pod pod) => Encoding.UTF8.GetBytes(KubernetesJson.Serialize(pod));

    private sealed class Region : ReceiveActor
    {
        public Region(ChannelWriter<PodStatusReport> reports)
        {
            Receive<PodStatuses>(statuses =>
            {
                foreach (var report in statuses.Reports) reports.TryWrite(report);
                Sender.Tell(new PodStatusesStored(statuses.NodeName, [.. statuses.Reports.Select(r => (r.Uid, r.Sequence))]));
            });
            ReceiveAny(_ => { });
        }
    }
}
