using ActorOrch.Agent.Runtimes.Simulated;

namespace ActorOrch.Agent.Tests.Volumes;

public class LeftVolumeTests
{
    [Fact]
    public async Task A_pod_ends_although_something_of_anothers_stays_in_its_directory_and_an_event_names_it()
    {
        await using var bench = new AgentBench("agent-left", new SimulatedRuntime("agent-left", TimeProvider.System), new("agent-left", "10.212.4.0/24", null));
        bench.Start();
        await bench.Hello;
        var pod = TestPods.Sleeping("left");
        bench.Assign(pod);
        await bench.WhenReadyAsync(pod.Metadata.Uid);
        var data = Path.Combine(bench.PodDirectory(pod.Metadata.Uid), "volumes/kubernetes.io~csi/v/data");
        Directory.CreateDirectory(Path.GetDirectoryName(data)!);
        await File.WriteAllTextAsync(data, "precious");

        bench.Assign();
        await bench.WhenTerminatedAsync(pod.Metadata.Uid);

        Assert.Contains(bench.Events.All, e => e is { Type: "Warning", Reason: "FailedUnmount" } && e.Message.Contains("kubernetes.io~csi/v in its volumes is of a source", StringComparison.Ordinal));
        Assert.Equal("precious", await File.ReadAllTextAsync(data));
        File.Delete(data);
    }
}
