using System.Text;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods;

/// <summary>Pods on the real engine.</summary>
public sealed class DockerPodTests : IAsyncLifetime
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

    [Fact]
    public async Task Pods_that_go_while_they_start_leave_no_container_behind()
    {
        var pods = Enumerable.Range(0, 12).Select(i => TestPods.Sleeping($"brief-{i}", grace: 0)).ToList();
        var uids = pods.ConvertAll(p => p.Metadata.Uid);
        _bench.Assign(pods);
        // By the time that the first one runs, others are being created and started.
        await _bench.WhenAsync(() => uids.Exists(uid => _bench.Status(uid) is { } status && AgentBench.IsReady(status)));
        _bench.Remove(uids);

        await _bench.WhenTerminatedAsync(uids);

        Assert.Empty(await DockerBench.ContainersAsync(_bench));
    }

    [Fact]
    public async Task A_container_that_may_not_escalate_gains_no_privileges()
    {
        var container = TestPods.Container("main", "sleep 3600");
        container.SecurityContext = new() { AllowPrivilegeEscalation = false };
        var pod = TestPods.Of("meek", container);
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        Assert.Equal("NoNewPrivs:\t1", (await ShellAsync(_bench.Status(pod.Metadata.Uid)!, "grep NoNewPrivs /proc/1/status")).Trim());
    }

    private async Task<string> ShellAsync(V1PodStatus status, string script)
    {
        var id = status.ContainerStatuses[0].ContainerID["docker://".Length..];
        return (await _bench.Runtime.ExecAsync(id, ["sh", "-c", script], TimeSpan.FromSeconds(10), CancellationToken.None)).Output;
    }

    [Fact]
    public async Task A_killed_container_runs_again_and_its_last_log_can_be_read()
    {
        var pod = TestPods.Of("crash", TestPods.Container("main", "echo first words; sleep 3600"));
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        var first = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0];

        await _bench.Runtime.StopAsync(first.ContainerID["docker://".Length..], TimeSpan.Zero, CancellationToken.None);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0] is { RestartCount: 1, Ready: true });

        var status = _bench.Status(pod.Metadata.Uid)!;
        Assert.Equal(137, status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        Assert.NotEqual(first.ContainerID, status.ContainerStatuses[0].ContainerID);
        Assert.Equal("first words\n", await LogAsync(pod, previous: true));
    }

    [Fact]
    public async Task A_pod_whose_containers_were_all_removed_behind_the_agents_back_is_rebuilt()
    {
        var pod = TestPods.Of("gone", TestPods.Container("a", "sleep 3600"), TestPods.Container("b", "sleep 3600"));
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        var addresses = _bench.Status(pod.Metadata.Uid)!.PodIPs.Select(p => p.Ip).ToArray();

        var old = await DockerBench.ContainersAsync(_bench);
        foreach (var container in old) await _bench.Runtime.RemoveAsync(container.Id, CancellationToken.None);
        await _bench.WhenAsync(pod.Metadata.Uid, s => AgentBench.IsReady(s) && s.ContainerStatuses.All(c => old.All(o => $"docker://{o.Id}" != c.ContainerID)));

        Assert.Equal(addresses, _bench.Status(pod.Metadata.Uid)!.PodIPs.Select(p => p.Ip));
        Assert.Contains(_bench.Events.All, e => e is { Reason: "SandboxChanged", Message: "Pod sandbox changed, it will be killed and re-created." });
    }

    [Fact]
    public async Task Containers_of_a_pod_share_its_network_and_start_after_the_init_containers()
    {
        var pod = TestPods.Of("several",
            TestPods.Container("server", "while true; do echo hi | nc -l -p 8080; done"),
            TestPods.Container("client", "until nc 127.0.0.1 8080 < /dev/null 2> /dev/null | grep hi; do sleep 0.1; done; cat /shared/from-init; sleep 3600"));
        pod.Spec.InitContainers = [TestPods.Container("init", "echo prepared > /shared/from-init")];
        pod.Spec.Volumes = [new() { Name = "shared", EmptyDir = new() }];
        foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers)) container.VolumeMounts = [new() { Name = "shared", MountPath = "/shared" }];
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        var status = _bench.Status(pod.Metadata.Uid)!;
        Assert.Equal("Completed", status.InitContainerStatuses[0].State.Terminated.Reason);
        Assert.Equal(3, (await DockerBench.ContainersAsync(_bench)).Count(c => c.Phase == ContainerPhase.Running));
        await _bench.WhenAsync(() => LogAsync(pod, container: "client"), "hi\nprepared\n");
    }

    [Fact]
    public async Task An_agent_that_starts_again_touches_nothing_that_runs_and_removes_what_is_nobodys()
    {
        var (kept, dropped) = (TestPods.Sleeping("kept"), TestPods.Sleeping("dropped"));
        _bench.Assign(kept, dropped);
        await _bench.WhenReadyAsync(kept.Metadata.Uid, dropped.Metadata.Uid);
        var before = (await DockerBench.ContainersAsync(_bench)).Single(c => c.Name.Contains("kept", StringComparison.Ordinal));
        await _bench.StopAgentAsync();
        kept.Status = _bench.Status(kept.Metadata.Uid);

        _bench.Start("agent-again");
        _bench.Assign(kept);
        await _bench.WhenGoneAsync("dropped");

        var after = Assert.Single(await DockerBench.ContainersAsync(_bench));
        Assert.Equal((before.Id, before.StartedAt), (after.Id, after.StartedAt));
    }

    [Fact]
    public async Task A_container_that_refers_to_a_missing_ConfigMap_starts_when_it_appears()
    {
        var container = TestPods.Container("main", "echo $GREETING; sleep 3600");
        container.Env = [new() { Name = "GREETING", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "words", Key = "greeting" } } }];
        var pod = TestPods.Of("config", container);
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting?.Reason == "CreateContainerConfigError");
        Assert.Equal("configmap \"words\" not found", _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Waiting.Message);

        await _bench.CreateAsync(BuiltIn.ConfigMaps, TestPods.ConfigMap("words", ("greeting", "hello")));
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        await _bench.WhenAsync(() => LogAsync(pod), "hello\n");
    }

    [Fact]
    public async Task A_container_whose_subPathExpr_lacks_an_annotation_starts_when_the_pod_gets_it()
    {
        var container = TestPods.Container("main", "sleep 3600");
        container.Env = [new() { Name = "PLACE", ValueFrom = new() { FieldRef = new() { FieldPath = "metadata.annotations['place']" } } }];
        container.VolumeMounts = [new() { Name = "work", MountPath = "/work", SubPathExpr = "$(PLACE)/here" }];
        var pod = TestPods.Of("annotated", container);
        pod.Spec.Volumes = [new() { Name = "work", EmptyDir = new() }];
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting?.Reason == "CreateContainerConfigError");

        pod.Metadata.Annotations = new Dictionary<string, string> { ["place"] = "there" };
        _bench.Change(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
    }

    [Fact]
    public async Task While_an_init_container_fails_all_that_wait_for_it_say_so()
    {
        var pod = TestPods.Of("stuck", TestPods.Container("main", "sleep 3600"));
        pod.Spec.InitContainers = [TestPods.Container("first", "exit 1"), TestPods.Container("second", "true")];
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.InitContainerStatuses[0].RestartCount > 0);

        var status = _bench.Status(pod.Metadata.Uid)!;
        Assert.Equal("PodInitializing", status.InitContainerStatuses[1].State.Waiting.Reason);
        Assert.Equal("PodInitializing", status.ContainerStatuses[0].State.Waiting.Reason);
    }

    [Fact]
    public async Task Mounted_ConfigMaps_and_Secrets_follow_their_objects()
    {
        await _bench.CreateAsync(BuiltIn.ConfigMaps, TestPods.ConfigMap("page", ("index.html", "one")));
        var container = TestPods.Container("main", "sleep 3600");
        container.VolumeMounts = [new() { Name = "page", MountPath = "/www" }];
        var pod = TestPods.Of("mounted", container);
        pod.Spec.Volumes = [new() { Name = "page", ConfigMap = new() { Name = "page" } }];
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        Assert.Equal("one", await ShellAsync(_bench.Status(pod.Metadata.Uid)!, "cat /www/index.html"));

        await _bench.ReplaceAsync(BuiltIn.ConfigMaps, TestPods.ConfigMap("page", ("index.html", "two")));
        await _bench.WhenAsync(() => ShellAsync(_bench.Status(pod.Metadata.Uid)!, "cat /www/index.html"), "two");
    }

    [Fact]
    public async Task Readiness_follows_the_probe_and_a_failing_liveness_probe_restarts()
    {
        var container = TestPods.Container("main", "touch /tmp/alive; mkdir /tmp/www; httpd -h /tmp/www -p 8080; sleep 3600");
        container.ReadinessProbe = new() { HttpGet = new() { Path = "/ready", Port = 8080 }, PeriodSeconds = 1, FailureThreshold = 1, TimeoutSeconds = 1 };
        container.LivenessProbe = new() { Exec = new() { Command = ["cat", "/tmp/alive"] }, PeriodSeconds = 1, FailureThreshold = 1, TimeoutSeconds = 5, InitialDelaySeconds = 1 };
        var pod = TestPods.Of("probed", container);
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase == "Running");
        await _bench.WhenAsync(() => _bench.Events.All.Any(e => e.Message == "Readiness probe failed: HTTP probe failed with statuscode: 404"));
        Assert.False(AgentBench.IsReady(_bench.Status(pod.Metadata.Uid)!));

        await ShellAsync(_bench.Status(pod.Metadata.Uid)!, "echo yes > /tmp/www/ready");
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        await ShellAsync(_bench.Status(pod.Metadata.Uid)!, "rm /tmp/alive");
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].RestartCount == 1);
        Assert.Contains(_bench.Events.All, e => e.Message == "Container main failed liveness probe, will be restarted");
    }

    [Fact]
    public async Task A_missing_image_is_told_in_upstreams_words()
    {
        var container = TestPods.Container("main", "true");
        (container.Image, container.ImagePullPolicy) = ("agent-test-missing:1", "Never");
        var pod = TestPods.Of("missing", container);
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting?.Reason == "ErrImageNeverPull");

        Assert.Equal("Container image \"agent-test-missing:1\" is not present with pull policy of Never",
            _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Waiting.Message);
        var refused = await Assert.ThrowsAsync<ApiException>(() => LogAsync(pod));
        Assert.Equal("container \"main\" in pod \"missing\" is waiting to start: ErrImageNeverPull", refused.Message);
    }

    [Fact]
    public async Task A_job_like_pod_ends_with_its_exit_code_and_its_last_words()
    {
        var container = TestPods.Container("main", "echo why > /dev/termination-log; exit 3");
        var pod = TestPods.Of("ends", container);
        pod.Spec.RestartPolicy = "Never";
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase == "Failed");

        var ended = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Terminated;
        Assert.Equal((3, "Error", "why\n"), (ended.ExitCode, ended.Reason, ended.Message));
    }

    [Fact]
    public async Task A_deleted_pod_is_reported_terminated_when_nothing_of_it_is_left()
    {
        var pod = TestPods.Sleeping("deleted");
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        pod.Metadata.DeletionTimestamp = DateTime.UtcNow.AddSeconds(1);
        _bench.Change(pod);
        await _bench.WhenTerminatedAsync(pod.Metadata.Uid);

        Assert.Empty(await DockerBench.ContainersAsync(_bench));
        Assert.False(Directory.Exists(_bench.PodDirectory(pod.Metadata.Uid)));
        Assert.Contains(_bench.Events.All, e => e is { Reason: "Killing", Message: "Stopping container main" });
    }

    private async Task<string> LogAsync(V1Pod pod, bool previous = false, string container = "main")
    {
        using var log = new MemoryStream();
        await _bench.Streams.CopyLogsAsync(
            new(new("default", pod.Metadata.Name), pod.Metadata.Uid, container, previous, Follow: false, Timestamps: false, null, null, null), log, CancellationToken.None);
        return Encoding.UTF8.GetString(log.ToArray());
    }
}
