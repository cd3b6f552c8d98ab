using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using ActorOrch.Agent.Tests.Runtimes.Docker;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods;

/// <summary>The machine's engine behind a socket that stalls and breaks: what happens meanwhile is not lost.</summary>
public sealed class StalledEngineTests : IAsyncLifetime
{
    private readonly EngineProxy _proxy = new();
    private readonly AgentBench _bench;

    public StalledEngineTests() => _bench = DockerBench.Create(
        options => options with { EngineCheckInterval = TimeSpan.FromMilliseconds(500) },
        options => options with { Endpoint = _proxy.Address, PingTimeout = TimeSpan.FromSeconds(2), RequestTimeout = TimeSpan.FromSeconds(20) });

    public async Task InitializeAsync()
    {
        await TestImage.EnsureAsync();
        _bench.Start();
        await _bench.Hello;
    }

    public async Task DisposeAsync()
    {
        _proxy.Resume();
        await _bench.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task A_container_that_dies_while_the_engine_is_out_of_reach_runs_again_afterwards()
    {
        var pod = TestPods.Sleeping("dying");
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        _proxy.Stall();
        await _bench.WhenAsync(() => IsReady("False", "container runtime is down"));
        await KillAsync(pod);

        _proxy.Resume();

        await _bench.WhenAsync(() => IsReady("True", "kubelet is posting ready status"));
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0] is { RestartCount: 1, Ready: true });
    }

    [Fact]
    public async Task Containers_that_die_while_connections_break_run_again()
    {
        var pod = TestPods.Sleeping("flapping");
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        for (var i = 0; i < 3; i++)
        {
            _proxy.Cut();
            await _bench.WhenAsync(() => IsReady("False", "container runtime is down"));
            if (i == 1) await KillAsync(pod);
            await _bench.WhenAsync(() => IsReady("True", "kubelet is posting ready status"));
        }
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0] is { RestartCount: 1, Ready: true });
        Assert.Single(await DockerBench.ContainersAsync(_bench), c => c.Phase == ContainerPhase.Running);
    }

    private bool IsReady(string status, string message) => _bench.Node?.Status.Conditions.Any(c => c.Type == "Ready" && c.Status == status && c.Message == message) == true;

    /// <summary>Past the proxy.</summary>
    private async Task KillAsync(V1Pod pod)
    {
        await using var direct = new DockerRuntime(new() { NodeName = _bench.NodeName });
        await direct.StopAsync(_bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].ContainerID["docker://".Length..], TimeSpan.Zero, CancellationToken.None);
    }
}
