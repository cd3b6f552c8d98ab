using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;

namespace ActorOrch.EndToEnd.Healing;

[Collection(EndToEndCollection.Name)]
public sealed class HealingTests(Machine machine) : IAsyncLifetime
{
    private readonly Cluster _cluster = new(machine);

    private Kubectl Kubectl => _cluster.Kubectl;

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_killed_container_runs_again_and_is_counted()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("victim", "exec sleep 1000"))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/victim", "--timeout=30s");
        var before = Assert.Single(await Containers.OfPodAsync("victim"));
        var address = await Kubectl.OutputAsync("get", "pod", "victim", "-o", "jsonpath={.status.podIP}");
        await Containers.DockerAsync("kill", before);
        await Eventually.GetAsync(() => StatusAsync("victim"), s => s == "1 true", "restartCount 1 and ready");
        Assert.NotEqual(before, Assert.Single(await Containers.OfPodAsync("victim")));
        Assert.Equal(address, await Kubectl.OutputAsync("get", "pod", "victim", "-o", "jsonpath={.status.podIP}"));
        Assert.Equal("137", await Kubectl.OutputAsync("get", "pod", "victim", "-o", "jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}"));
    }

    [Fact]
    public async Task A_container_that_always_fails_backs_off()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("crashing", "echo attempt; exit 3"))).Succeeded();
        await Eventually.GetAsync(() => Kubectl.OutputAsync("get", "pod", "crashing", "--no-headers"), row => row.Contains("CrashLoopBackOff"), "CrashLoopBackOff");
        var message = await Kubectl.OutputAsync("get", "pod", "crashing", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.message}");
        Assert.Matches("back-off [1-9][0-9]*s restarting failed container=main pod=crashing_default", message);
        await Eventually.GetAsync(() => Kubectl.OutputAsync("get", "pod", "crashing", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.message}"),
            text => text.Contains("back-off 20s") || text.Contains("back-off 40s"), "the back-off grows", withinSeconds: 60);
        Assert.Equal("attempt", await Kubectl.OutputAsync("logs", "crashing", "--previous"));
    }

    [Fact]
    public async Task A_deleted_pod_of_a_deployment_is_replaced()
    {
        (await Kubectl.ApplyAsync(Manifests.Web("kept", 2))).Succeeded();
        await Kubectl.OutputAsync("rollout", "status", "deployment/kept", "--timeout=60s");
        var before = (await Kubectl.OutputAsync("get", "pods", "-l", "app=kept", "-o", "name")).Split('\n');
        await Kubectl.OutputAsync("delete", before[0]);
        var after = await Eventually.GetAsync(
            () => Kubectl.OutputAsync("get", "pods", "-l", "app=kept", "-o", """jsonpath={range .items[?(@.status.phase=="Running")]}pod/{.metadata.name} {end}"""),
            pods => pods.Split(' ').Length == 2 && !pods.Contains(before[0]), "two pods without the deleted one");
        Assert.Contains(before[1], after);
    }

    [Fact]
    public async Task A_pod_whose_containers_vanish_is_rebuilt()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("gone", "exec sleep 1000", more: """
            - name: second
              image: busybox:stable
              imagePullPolicy: IfNotPresent
              command: [sleep, "1000"]
            """))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/gone", "--timeout=30s");
        var before = await Containers.OfPodAsync("gone");
        await Containers.DockerAsync(["rm", "-f", .. before]);
        await Eventually.GetAsync(() => Containers.OfPodAsync("gone"), ids => ids.Count == before.Count && !ids.Intersect(before).Any(), "new containers", withinSeconds: 60);
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/gone", "--timeout=60s");
    }

    [Fact]
    public async Task A_failing_liveness_probe_restarts_the_container()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("unwell", "touch /tmp/well; sleep 2; rm /tmp/well; sleep 1000", containerMore: """
            livenessProbe: {exec: {command: [cat, /tmp/well]}, periodSeconds: 1, failureThreshold: 1, initialDelaySeconds: 1}
            """))).Succeeded();
        await Eventually.GetAsync(() => StatusAsync("unwell"), s => s.StartsWith("1 ", StringComparison.Ordinal), "one restart");
        var events = await Kubectl.OutputAsync("get", "events", "--field-selector", "involvedObject.name=unwell");
        Assert.Contains("Liveness probe failed", events);
        Assert.Contains("Container main failed liveness probe, will be restarted", events);
    }

    private Task<string> StatusAsync(string pod) =>
        Kubectl.OutputAsync("get", "pod", pod, "-o", "jsonpath={.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}");
}
