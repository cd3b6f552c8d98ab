using System.Diagnostics;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;
using k8s;
using k8s.Models;

namespace ActorOrch.EndToEnd.Healing;

/// <summary>The whole process is killed under load, again and again: what was acknowledged is there, what ran was not touched.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class CrashTests(Machine machine)
{
    private const int Rounds = 10;
    private const int AcknowledgedBeforeKill = 40;

    [Fact]
    public async Task Ten_kills_in_a_row_lose_no_acknowledged_write_and_touch_no_container()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("docker");
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        (await kubectl.ApplyAsync(Manifests.Web("steady", 3))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/steady", "--timeout=60s");
        var containers = await RunningAsync(orchestrator);
        Assert.Equal(3, containers.Count);

        var acknowledged = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var lastSeen = await LatestRevisionAsync(orchestrator);
            var writers = Enumerable.Range(0, 4).Select(writer => WriteUntilKilledAsync(orchestrator, $"r{round}-w{writer}")).ToArray();
            await Eventually.GetAsync(() => Task.FromResult(writers.Sum(w => w.Acknowledged.Count)), n => n >= AcknowledgedBeforeKill, "some writes are acknowledged");
            await orchestrator.KillAsync();
            foreach (var writer in writers)
            {
                await writer.Ended;
                acknowledged.AddRange(writer.Acknowledged.Keys);
            }
            await orchestrator.StartAsync();

            var stored = await ConfigMapsAsync(orchestrator);
            Assert.Empty(acknowledged.Except(stored));
            await WatchReplaysAsync(orchestrator, lastSeen, [.. acknowledged.Where(name => name.StartsWith($"r{round}-", StringComparison.Ordinal))]);
        }

        Assert.Equal(containers, await RunningAsync(orchestrator));
        Assert.Equal("3", await kubectl.OutputAsync("get", "deployment", "steady", "-o", "jsonpath={.status.availableReplicas}"));
    }

    [Fact]
    public async Task What_changed_while_it_was_down_is_repaired()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("docker");
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        (await kubectl.ApplyAsync(Manifests.Web("mended", 2))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/mended", "--timeout=60s");
        var containers = await RunningAsync(orchestrator);
        await orchestrator.KillAsync();
        await Containers.DockerAsync("rm", "-f", containers[0].Split(' ')[0]);
        await orchestrator.StartAsync();
        var after = await Eventually.GetAsync(() => RunningAsync(orchestrator), now => now.Count == 2, "two running containers again");
        Assert.Contains(containers[1], after);
        await kubectl.OutputAsync("wait", "--for=jsonpath={.status.availableReplicas}=2", "deployment/mended", "--timeout=60s");
    }

    private static async Task<IReadOnlyList<string>> RunningAsync(OrchestratorProcess orchestrator)
    {
        var ids = await Containers.DockerAsync("ps", "-q", "--no-trunc", "--filter", await Containers.LabelOfAsync(orchestrator.DataDirectory));
        return ids.Count == 0 ? ids : [.. (await Containers.DockerAsync(["inspect", "-f", "{{.Id}} {{.State.StartedAt}}", .. ids])).Order(StringComparer.Ordinal)];
    }

    private static Kubernetes Client(OrchestratorProcess orchestrator) => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(orchestrator.Kubeconfig));

    private static async Task<string> LatestRevisionAsync(OrchestratorProcess orchestrator)
    {
        using var client = Client(orchestrator);
        return (await client.CoreV1.ListNamespacedConfigMapAsync("default")).Metadata.ResourceVersion;
    }

    private static async Task<HashSet<string>> ConfigMapsAsync(OrchestratorProcess orchestrator)
    {
        using var client = Client(orchestrator);
        return [.. (await client.CoreV1.ListNamespacedConfigMapAsync("default")).Items.Select(c => c.Metadata.Name)];
    }

    /// <summary>A watch from a revision before the kill delivers every acknowledged creation since, once, in rising revisions.</summary>
    private static async Task WatchReplaysAsync(OrchestratorProcess orchestrator, string fromRevision, HashSet<string> expected)
    {
        using var client = Client(orchestrator);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var last = long.Parse(fromRevision);
        var left = new HashSet<string>(expected);
        await foreach (var (type, configMap) in client.CoreV1.WatchListNamespacedConfigMapAsync("default", resourceVersion: fromRevision, cancellationToken: limit.Token))
        {
            Assert.Equal(WatchEventType.Added, type);
            var revision = long.Parse(configMap.Metadata.ResourceVersion);
            Assert.True(revision > last, $"revision {revision} came after {last}");
            last = revision;
            left.Remove(configMap.Metadata.Name);
            if (left.Count == 0) return;
        }
        Assert.Fail($"the watch ended without {string.Join(", ", left)}");
    }

    private static Writer WriteUntilKilledAsync(OrchestratorProcess orchestrator, string prefix)
    {
        var writer = new Writer();
        writer.Ended = Task.Run(async () =>
        {
            using var client = Client(orchestrator);
            for (var i = 0; ; i++)
            {
                var name = $"{prefix}-{i}";
                try
                {
                    await client.CoreV1.CreateNamespacedConfigMapAsync(
                        new V1ConfigMap { Metadata = new() { Name = name }, Data = new Dictionary<string, string> { ["value"] = name } }, "default");
                }
                catch (HttpRequestException)
                {
                    return;
                }
                writer.Acknowledged[name] = Stopwatch.GetTimestamp();
            }
        });
        return writer;
    }

    private sealed class Writer
    {
        public System.Collections.Concurrent.ConcurrentDictionary<string, long> Acknowledged { get; } = new();
        public Task Ended { get; set; } = Task.CompletedTask;
    }
}
