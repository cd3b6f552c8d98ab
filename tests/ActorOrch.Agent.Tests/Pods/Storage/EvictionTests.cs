using ActorOrch.Agent.Runtimes.Simulated;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods.Storage;

/// <summary>A pod that takes more of the disk than it may is ended, and stays so.</summary>
public sealed class EvictionTests : IAsyncLifetime
{
    private readonly AgentBench _bench = new(
        "agent-evict", new SimulatedRuntime("agent-evict", TimeProvider.System), new("agent-evict", "10.212.1.0/24", null),
        set: o => o with { StorageCheckInterval = TimeSpan.FromMilliseconds(20) });

    public async Task InitializeAsync()
    {
        _bench.Start();
        await _bench.Hello;
        _bench.Assign();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_pod_whose_emptyDir_grows_over_its_limit_is_evicted_and_one_below_is_not()
    {
        var (large, small) = (WithVolume("large", "64Ki"), WithVolume("small", "10Mi"));
        _bench.Change(large, small);
        await _bench.WhenReadyAsync(large.Metadata.Uid, small.Metadata.Uid);
        foreach (var pod in (V1Pod[])[large, small])
            await File.WriteAllBytesAsync(Path.Combine(_bench.PodDirectory(pod.Metadata.Uid), "volumes/kubernetes.io~empty-dir/d/file"), new byte[1 << 20]);

        await _bench.WhenAsync(large.Metadata.Uid, s => s.Phase == "Failed");

        var status = _bench.Status(large.Metadata.Uid)!;
        Assert.Equal(("Evicted", "Usage of EmptyDir volume \"d\" exceeds the limit \"64Ki\". "), (status.Reason, status.Message));
        Assert.NotNull(status.ContainerStatuses[0].State.Terminated);
        Assert.Contains(_bench.Events.All, e => e is { Pod: "large", Type: "Warning", Reason: "Evicted" });
        Assert.True(AgentBench.IsReady(_bench.Status(small.Metadata.Uid)!));
    }

    [Fact]
    public async Task A_container_that_writes_more_than_its_limit_evicts_its_pod()
    {
        var pod = TestPods.Sleeping("writer");
        pod.Spec.Containers[0].Resources = new() { Limits = new Dictionary<string, ResourceQuantity> { ["ephemeral-storage"] = new("1Mi") } };
        pod.Metadata.Annotations = new Dictionary<string, string> { [SimulatedBehaviour.Prefix + "written-bytes"] = "2000000" };
        _bench.Change(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s is { Phase: "Failed", Reason: "Evicted" });
        Assert.Equal("Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. ", _bench.Status(pod.Metadata.Uid)!.Message);
    }

    [Fact]
    public async Task An_evicted_pod_stays_so_when_the_agent_starts_again()
    {
        var pod = WithVolume("again", "64Ki");
        _bench.Change(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        await File.WriteAllBytesAsync(Path.Combine(_bench.PodDirectory(pod.Metadata.Uid), "volumes/kubernetes.io~empty-dir/d/file"), new byte[1 << 20]);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase == "Failed");
        await _bench.StopAgentAsync();
        pod.Status = _bench.Status(pod.Metadata.Uid);
        var containers = await _bench.Runtime.ListPodAsync(pod.Metadata.Uid, CancellationToken.None);

        _bench.Start("agent-again");
        var other = TestPods.Sleeping("other");
        _bench.Assign(pod, other);
        await _bench.WhenReadyAsync(other.Metadata.Uid);

        Assert.Equal(("Failed", "Evicted"), (_bench.Status(pod.Metadata.Uid)!.Phase, _bench.Status(pod.Metadata.Uid)!.Reason));
        Assert.Equal(containers.Select(c => (c.Id, c.Phase)), (await _bench.Runtime.ListPodAsync(pod.Metadata.Uid, CancellationToken.None)).Select(c => (c.Id, c.Phase)));
    }

    private static V1Pod WithVolume(string name, string limit)
    {
        var pod = TestPods.Sleeping(name);
        pod.Spec.Volumes = [new() { Name = "d", EmptyDir = new() { SizeLimit = new(limit) } }];
        return pod;
    }
}
