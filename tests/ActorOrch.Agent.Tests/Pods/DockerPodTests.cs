using System.Diagnostics;
using k8s.Models;
using Xunit.Abstractions;

namespace ActorOrch.Agent.Tests.Pods;

/// <summary>Pods on the real engine.</summary>
public sealed class DockerPodTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly AgentBench _bench = DockerBench.Create();

    public async Task InitializeAsync()
    {
        await TestImage.EnsureAsync();
        _bench.Start();
        await _bench.Hello;
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_pod_of_one_container_runs_in_one_container_at_its_own_addresses()
    {
        var pod = TestPods.Sleeping("one");
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        var status = _bench.Status(pod.Metadata.Uid)!;
        Assert.Equal("Running", status.Phase);
        Assert.Equal(2, status.PodIPs.Count);
        Assert.StartsWith("docker://", status.ContainerStatuses[0].ContainerID, StringComparison.Ordinal);
        Assert.Contains(status.PodIPs[1].Ip, await ShellAsync(status, "ip -6 addr show dev eth0"), StringComparison.Ordinal);
        Assert.Contains("default", await ShellAsync(status, "ip -6 route"), StringComparison.Ordinal);
        Assert.Equal("one", (await ShellAsync(status, "hostname")).Trim());
        Assert.Single(await DockerBench.ContainersAsync(_bench));
    }

    private async Task<string> ShellAsync(V1PodStatus status, string script)
    {
        var id = status.ContainerStatuses[0].ContainerID["docker://".Length..];
        return (await _bench.Runtime.ExecAsync(id, ["sh", "-c", script], TimeSpan.FromSeconds(10), CancellationToken.None)).Output;
    }

    [Fact]
    public async Task Thirty_pods_start()
    {
        V1Pod[] pods = [.. Enumerable.Range(0, 30).Select(i => TestPods.Sleeping($"many-{i}", grace: 0))];
        string[] uids = [.. pods.Select(p => p.Metadata.Uid)];
        var watch = Stopwatch.StartNew();
        _bench.Assign(pods);
        await _bench.WhenReadyAsync(uids);
        output.WriteLine($"started in {watch.Elapsed}");
        watch.Restart();
        foreach (var pod in pods) pod.Metadata.DeletionTimestamp = DateTime.UtcNow;
        _bench.Change(pods);
        await _bench.WhenTerminatedAsync(uids);
        output.WriteLine($"removed in {watch.Elapsed}");
    }
}
