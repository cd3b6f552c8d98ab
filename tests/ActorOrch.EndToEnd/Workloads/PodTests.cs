using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Workloads;

[Collection(EndToEndCollection.Name)]
public sealed class PodTests(Machine machine) : IAsyncLifetime
{
    private readonly Cluster _cluster = new(machine);

    private Kubectl Kubectl => _cluster.Kubectl;

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself()
    {
        await Kubectl.OutputAsync("create", "configmap", "settings", "--from-literal=colour=blue");
        await Kubectl.OutputAsync("create", "secret", "generic", "keys", "--from-literal=password=s3cret");
        (await Kubectl.ApplyAsync(Manifests.Pod("reader",
            "echo $COLOUR $PASSWORD $NAME $LITERAL $CPU; cat /settings/colour /keys/password; echo x > /scratch/x && cat /scratch/x; cat /host/hostname > /dev/null && echo host",
            containerMore: """
                env:
                - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}
                - {name: PASSWORD, valueFrom: {secretKeyRef: {name: keys, key: password}}}
                - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                - {name: LITERAL, value: "a $(COLOUR) sky"}
                - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
                resources: {limits: {memory: 64Mi}}
                volumeMounts:
                - {name: settings, mountPath: /settings}
                - {name: keys, mountPath: /keys}
                - {name: scratch, mountPath: /scratch}
                - {name: host, mountPath: /host, readOnly: true}
                """,
            more: """
                restartPolicy: Never
                volumes:
                - {name: settings, configMap: {name: settings}}
                - {name: keys, secret: {secretName: keys}}
                - {name: scratch, emptyDir: {}}
                - {name: host, hostPath: {path: /etc, type: Directory}}
                """))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/reader", "--timeout=60s");
        Assert.Equal("blue s3cret reader a blue sky 64\nblues3cretx\nhost", await Kubectl.OutputAsync("logs", "reader"));
    }

    [Fact]
    public async Task Containers_of_a_pod_share_one_network_and_init_containers_run_first()
    {
        (await Kubectl.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: {name: shared}
            spec:
              restartPolicy: Never
              initContainers:
              - {name: prepare, image: "busybox:stable", imagePullPolicy: IfNotPresent, command: [sh, -c, "echo prepared > /site/index.html"], volumeMounts: [{name: work, mountPath: /site}]}
              containers:
              - {name: server, image: "busybox:stable", imagePullPolicy: IfNotPresent, command: [sh, -c, "httpd -p 8080 -h /site; until [ -e /site/done ]; do sleep 0.1; done"], volumeMounts: [{name: work, mountPath: /site}]}
              - {name: client, image: "busybox:stable", imagePullPolicy: IfNotPresent, command: [sh, -c, "until wget -q -O - http://127.0.0.1:8080/; do sleep 0.1; done; touch /site/done"], volumeMounts: [{name: work, mountPath: /site}]}
              volumes: [{name: work, emptyDir: {}}]
            """)).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/shared", "--timeout=60s");
        Assert.EndsWith("prepared", await Kubectl.OutputAsync("logs", "shared", "-c", "client"));
    }

    [Fact]
    public async Task Limits_reach_the_engine()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("limited", "exec sleep 1000", containerMore: "resources: {requests: {cpu: 250m}, limits: {cpu: 500m, memory: 32Mi}}"))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/limited", "--timeout=30s");
        var container = Assert.Single(await Containers.OfPodAsync("limited"));
        var limits = Assert.Single(await Containers.DockerAsync("inspect", "-f", "{{.HostConfig.Memory}} {{.HostConfig.CpuShares}} {{.HostConfig.CpuQuota}} {{.HostConfig.CpuPeriod}} {{.HostConfig.NanoCpus}}", container));
        Assert.Matches(@"^33554432 256 (50000 100000 0|0 0 500000000)$", limits);
        Assert.Equal("Burstable", await Kubectl.OutputAsync("get", "pod", "limited", "-o", "jsonpath={.status.qosClass}"));
    }

    [Fact]
    public async Task Probes_of_any_period_are_served_beside_each_other()
    {
        string Probed(string name, int period) => Manifests.Pod(name, "exec sleep 1000", containerMore: $"readinessProbe: {{exec: {{command: [\"true\"]}}, periodSeconds: {period}}}");
        (await Kubectl.ApplyAsync(Probed("slow", 5_000_000))).Succeeded();
        (await Kubectl.ApplyAsync(Probed("quick", 3))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/slow", "pod/quick", "--timeout=60s");
        // It was the next attempt of the quick one that found no time for both.
        (await Kubectl.ApplyAsync(Probed("late", 3))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/late", "--timeout=60s");
        await Kubectl.OutputAsync("delete", "pod", "slow", "quick", "late", "--timeout=60s");
        Assert.Equal("ok", await Kubectl.OutputAsync("get", "--raw", "/readyz"));
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_stays_pending_and_says_why_and_runs_when_it_can()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("homeless", "exec sleep 1000", more: "nodeSelector: {disk: fast}"))).Succeeded();
        const string expected = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
        var message = await Eventually.GetAsync(
            () => Kubectl.OutputAsync("get", "pod", "homeless", "-o", """jsonpath={.status.conditions[?(@.type=="PodScheduled")].message}"""),
            text => text.Length > 0, "a message of the scheduler");
        Assert.StartsWith(expected, message);
        Assert.Contains(expected, await Eventually.GetAsync(
            () => Kubectl.OutputAsync("get", "events", "--field-selector", "reason=FailedScheduling"), text => text.Contains("homeless"), "a FailedScheduling event"));
        var node = (await Kubectl.OutputAsync("get", "nodes", "-o", "name")).Trim();
        await Kubectl.OutputAsync("label", node, "disk=fast");
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/homeless", "--timeout=30s");
        await Kubectl.OutputAsync("label", node, "disk-");
    }

    [Fact]
    public async Task Deletion_waits_for_the_grace_period_and_force_does_not()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("graceful", "trap \"echo bye; exit 0\" TERM; echo trapped; while true; do sleep 0.1; done"))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/graceful", "--timeout=30s");
        // Ready it is as soon as it runs: a signal before the trap is set would be lost on it.
        using var logs = Kubectl.Start(["logs", "-f", "graceful"]);
        Assert.Equal("trapped", await logs.StandardOutput.NextLineAsync());
        await Kubectl.OutputAsync("delete", "pod", "graceful", "--timeout=30s");
        Assert.Equal("bye", await logs.StandardOutput.NextLineAsync());
        Assert.Null(await logs.StandardOutput.NextLineAsync());
        Assert.Empty(await Containers.OfPodAsync("graceful"));

        (await Kubectl.ApplyAsync(Manifests.Pod("stubborn", "trap \"\" TERM; while true; do sleep 0.1; done").Replace("terminationGracePeriodSeconds: 1", "terminationGracePeriodSeconds: 600"))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/stubborn", "--timeout=30s");
        await Kubectl.OutputAsync("delete", "pod", "stubborn", "--force", "--grace-period=0");
        await Eventually.GetAsync(() => Containers.OfPodAsync("stubborn"), ids => ids.Count == 0, "no container left");
    }

    [Fact]
    public async Task Startup_readiness_and_tcp_probes_decide_when_a_pod_is_ready()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("probed", "sleep 1; httpd -p 8080; sleep 1; touch /tmp/ready; sleep 1000", containerMore: """
            startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, failureThreshold: 30}
            readinessProbe: {exec: {command: [cat, /tmp/ready]}, periodSeconds: 1}
            """))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=jsonpath={.status.containerStatuses[0].started}=true", "pod/probed", "--timeout=30s");
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/probed", "--timeout=30s");
        Assert.Equal("0", await Kubectl.OutputAsync("get", "pod", "probed", "-o", "jsonpath={.status.containerStatuses[0].restartCount}"));
    }
}
