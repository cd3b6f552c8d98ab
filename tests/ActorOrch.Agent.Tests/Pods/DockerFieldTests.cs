using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods;

/// <summary>Fields of a pod's spec that are no one else's subject, on the real engine.</summary>
public sealed class DockerFieldTests : IAsyncLifetime
{
    private readonly AgentBench _bench = DockerBench.Create();

    public async Task InitializeAsync()
    {
        await TestImage.EnsureAsync();
        _bench.Start();
        await _bench.Hello;
        // The first picture is a whole one; what follows are changes.
        _bench.Assign();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_container_runs_what_its_fields_say_where_they_say()
    {
        var pod = TestPods.Of("fields", TestPods.Container("main", ""));
        var container = pod.Spec.Containers[0];
        (container.Command, container.Args) = (["sh", "-c"], ["test -t 1 && echo terminal > /tmp/words; pwd >> /tmp/words; exit 3"]);
        (container.WorkingDir, container.Tty, container.TerminationMessagePath) = ("/etc", true, "/tmp/words");
        var silent = TestPods.Container("silent", "echo to the log; exit 4");
        silent.TerminationMessagePolicy = "FallbackToLogsOnError";
        pod.Spec.Containers.Add(silent);
        pod.Spec.RestartPolicy = "Never";
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase == "Failed");

        var statuses = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses;
        Assert.Equal((3, "terminal\n/etc\n"), (statuses[0].State.Terminated.ExitCode, statuses[0].State.Terminated.Message));
        Assert.Equal((4, "to the log\n"), (statuses[1].State.Terminated.ExitCode, statuses[1].State.Terminated.Message));
    }

    [Fact]
    public async Task A_pod_that_is_active_for_too_long_fails()
    {
        var pod = TestPods.Sleeping("late");
        pod.Spec.ActiveDeadlineSeconds = 1;
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s is { Phase: "Failed", Reason: "DeadlineExceeded" });
    }

    [Fact]
    public async Task Services_are_in_the_environment_unless_the_pod_says_otherwise()
    {
        await _bench.CreateAsync(BuiltIn.Services, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "default", ["uid"] = "web" },
            ["spec"] = new JsonObject { ["clusterIP"] = "10.96.0.77", ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) },
        });
        var (with, without) = (TestPods.Sleeping("with"), TestPods.Sleeping("without"));
        without.Spec.EnableServiceLinks = false;
        Assert.Equal("10.96.0.77", await InsideAsync(with, "echo $WEB_SERVICE_HOST"));
        Assert.Equal("", await InsideAsync(without, "echo $WEB_SERVICE_HOST"));
    }

    [Fact]
    public async Task The_hosts_file_knows_the_pods_aliases()
    {
        var pod = TestPods.Sleeping("aliased");
        (pod.Spec.Hostname, pod.Spec.Subdomain) = ("name", "sub");
        pod.Spec.HostAliases = [new() { Ip = "10.1.2.3", Hostnames = ["one.example", "two.example"] }];
        var hosts = await InsideAsync(pod, "cat /etc/hosts");
        Assert.Contains("10.1.2.3\tone.example\ttwo.example", hosts, StringComparison.Ordinal);
        Assert.Contains("\tname.sub.default.svc.cluster.local\tname", hosts, StringComparison.Ordinal);
        Assert.Equal("name", await InsideAsync(pod, "hostname"));
    }

    [Fact]
    public async Task A_pod_is_ready_when_its_gates_say_so()
    {
        var pod = TestPods.Sleeping("gated");
        pod.Spec.ReadinessGates = [new() { ConditionType = "example.com/open" }];
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Conditions.Any(c => c is { Type: "Ready", Status: "False", Reason: "ReadinessGatesNotReady" }));
        pod.Status = _bench.Status(pod.Metadata.Uid);
        pod.Status!.Conditions.Add(new() { Type = "example.com/open", Status = "True" });
        _bench.Change(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
    }

    [Fact]
    public async Task Hooks_run_after_the_start_and_before_the_end()
    {
        var container = TestPods.Container("main", "sleep 3600");
        container.Lifecycle = new()
        {
            PostStart = new() { Exec = new() { Command = ["sh", "-c", "echo started > /dev/termination-log"] } },
            PreStop = new() { Exec = new() { Command = ["sh", "-c", "echo stopping > /work/stopped"] } },
        };
        container.VolumeMounts = [new() { Name = "work", MountPath = "/work" }];
        var directory = Directory.CreateTempSubdirectory("agent-hooks-");
        var pod = TestPods.Of("hooked", container);
        pod.Spec.Volumes = [new() { Name = "work", HostPath = new() { Path = directory.FullName } }];
        Assert.Equal("started", await InsideAsync(pod, "cat /dev/termination-log"));
        pod.Metadata.DeletionTimestamp = DateTime.UtcNow.AddSeconds(5);
        _bench.Change(pod);
        await _bench.WhenTerminatedAsync(pod.Metadata.Uid);

        Assert.Equal("stopping\n", await File.ReadAllTextAsync(Path.Combine(directory.FullName, "stopped")));
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_hook_may_ask_a_server()
    {
        var container = TestPods.Container("main", "mkdir /tmp/www; httpd -h /tmp/www -p 8080; sleep 3600");
        container.Lifecycle = new() { PostStart = new() { HttpGet = new() { Path = "/", Port = 8081 } } };
        var pod = TestPods.Of("asking", container);
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting is { Reason: "PostStartHookError", Message: var said } && said.Contains("8081", StringComparison.Ordinal));
        Assert.Contains(_bench.Events.All, e => e is { Reason: "FailedPostStartHook", Message: "PostStartHook failed" });
    }

    [Fact]
    public async Task A_container_whose_start_hook_fails_has_its_pods_grace_and_its_own_exit_code()
    {
        var container = TestPods.Container("main", "trap 'echo got-term; sleep 3; echo flushed; exit 5' TERM; touch /tmp/trapped; while :; do sleep 0.1; done");
        container.Lifecycle = new() { PostStart = new() { Exec = new() { Command = ["sh", "-c", "until [ -e /tmp/trapped ]; do sleep 0.1; done; exit 3"] } } };
        var pod = TestPods.Of("unhooked", 30, container);
        pod.Spec.RestartPolicy = "Never";
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase == "Failed");

        Assert.Equal(5, _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Terminated.ExitCode);
        using var log = new MemoryStream();
        await _bench.Streams.CopyLogsAsync(new(new("default", "unhooked"), pod.Metadata.Uid, "main", false, false, false, null, null, null), log, CancellationToken.None);
        Assert.Equal("got-term\nflushed\n", System.Text.Encoding.UTF8.GetString(log.ToArray()));
        Assert.Equal(
            [("FailedPostStartHook", "PostStartHook failed"), ("Killing", "FailedPostStartHook")],
            _bench.Events.All.Where(e => e.Pod == "unhooked" && e.Reason is "FailedPostStartHook" or "Killing").Select(e => (e.Reason, e.Message)));
    }

    [Fact]
    public async Task A_sidecar_is_ended_after_its_pods_containers_and_the_pod_after_it()
    {
        var side = TestPods.Container("side", "trap 'sleep 2; exit 0' TERM; touch /tmp/trapped; while :; do sleep 0.1; done");
        side.RestartPolicy = "Always";
        side.StartupProbe = new() { Exec = new() { Command = ["test", "-e", "/tmp/trapped"] }, PeriodSeconds = 1, FailureThreshold = 30 };
        var pod = TestPods.Of("sided", 30, TestPods.Container("main", "exit 7"));
        pod.Spec.InitContainers = [side];
        pod.Spec.RestartPolicy = "Never";
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s =>
        {
            if (s.ContainerStatuses?[0].State.Terminated is not null && s.InitContainerStatuses[0].State.Running is not null) seen.Enqueue(s.Phase);
            return s.Phase == "Failed";
        });
        Assert.NotEmpty(seen);
        Assert.All(seen, phase => Assert.Equal("Running", phase));
        Assert.Equal((7, 0), (_bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Terminated.ExitCode, _bench.Status(pod.Metadata.Uid)!.InitContainerStatuses[0].State.Terminated.ExitCode));
    }

    [Fact]
    public async Task A_container_that_could_not_be_started_has_an_empty_log_and_one_that_is_gone_none()
    {
        var container = TestPods.Container("main", "");
        container.Command = ["/no/such"];
        var pod = TestPods.Of("unstartable", container);
        pod.Spec.RestartPolicy = "Never";
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase == "Failed");
        using var log = new MemoryStream();
        var request = new PodLogRequest(new("default", "unstartable"), pod.Metadata.Uid, "main", false, false, false, null, null, null);
        await _bench.Streams.CopyLogsAsync(request, log, CancellationToken.None);
        Assert.Equal(0, log.Length);

        var id = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].ContainerID;
        await _bench.Runtime.RemoveAsync(id["docker://".Length..], CancellationToken.None);
        var gone = await Assert.ThrowsAsync<ApiException>(() => _bench.Streams.CopyLogsAsync(request, log, CancellationToken.None));
        Assert.Equal((400, $"unable to retrieve container logs for {id}"), (gone.Code, gone.Message));
    }

    [Theory]
    [InlineData("https://Registry.example/App:1", "InvalidImageName",
        "Failed to apply default image tag \"https://Registry.example/App:1\": couldn't parse image name \"https://Registry.example/App:1\": invalid reference format: repository name (/Registry.example/App) must be lowercase")]
    [InlineData("busybox:", "InvalidImageName", "Failed to apply default image tag \"busybox:\": couldn't parse image name \"busybox:\": invalid reference format")]
    public async Task An_image_that_cannot_be_named_is_said_so_and_waited_with(string image, string reason, string message)
    {
        var container = TestPods.Container("main", "true");
        container.Image = image;
        var pod = TestPods.Of("misnamed", container);
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting?.Reason == reason);
        Assert.Equal(message, _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Waiting.Message);
        Assert.Single(_bench.Events.All, e => e is { Pod: "misnamed", Type: "Warning", Reason: "InspectFailed" } && e.Message == message);
    }

    [Fact]
    public async Task A_hook_may_wait()
    {
        var container = TestPods.Container("main", "sleep 3600");
        container.Lifecycle = new() { PostStart = new() { Sleep = new() { Seconds = 1 } } };
        var pod = TestPods.Of("waiting", container);
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        var created = _bench.Events.All.Single(e => e is { Pod: "waiting", Reason: "Started" });
        var running = _bench.Status(pod.Metadata.Uid)!;
        Assert.NotEqual(default, created);
        Assert.True(running.Conditions.Single(c => c.Type == "Ready").LastTransitionTime >= running.ContainerStatuses[0].State.Running.StartedAt!.Value.AddSeconds(1).AddTicks(-1));
    }

    [Fact]
    public async Task A_container_is_told_what_it_is_limited_to()
    {
        var container = TestPods.Container("main", "sleep 3600");
        container.Resources = new() { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("64Mi"), ["cpu"] = new("500m") } };
        container.Env = [new() { Name = "LIMIT", ValueFrom = new() { ResourceFieldRef = new() { Resource = "limits.memory", Divisor = new("1Mi") } } }];
        Assert.Equal("64", await InsideAsync(TestPods.Of("limited", container), "echo $LIMIT"));
    }

    [Fact]
    public async Task A_path_of_the_machine_is_mounted()
    {
        var directory = Directory.CreateTempSubdirectory("agent-host-path-");
        await File.WriteAllTextAsync(Path.Combine(directory.CreateSubdirectory("below").FullName, "file"), "there");
        var container = TestPods.Container("main", "sleep 3600");
        container.VolumeMounts =
        [
            new() { Name = "host", MountPath = "/whole", ReadOnlyProperty = true },
            new() { Name = "host", MountPath = "/part", SubPath = "below" },
        ];
        var pod = TestPods.Of("mounting", container);
        pod.Spec.Volumes = [new() { Name = "host", HostPath = new() { Path = directory.FullName, Type = "Directory" } }];
        Assert.Equal("there there refused", await InsideAsync(pod, "echo $(cat /whole/below/file) $(cat /part/file) $(touch /whole/new 2> /dev/null || echo refused)"));
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_mounts_propagation_is_the_engines()
    {
        var container = TestPods.Container("main", "sleep 3600");
        container.VolumeMounts = [new() { Name = "host", MountPath = "/whole", MountPropagation = "HostToContainer" }];
        var pod = TestPods.Of("propagating", container);
        pod.Spec.Volumes = [new() { Name = "host", HostPath = new() { Path = "/tmp" } }];
        // The engine refuses it where the machine's own mounts are private.
        var shared = (await File.ReadAllLinesAsync("/proc/self/mountinfo")).Any(l => l.Split(' ')[4] is "/" or "/tmp" && (l.Contains("shared:", StringComparison.Ordinal) || l.Contains("master:", StringComparison.Ordinal)));
        if (shared) Assert.Contains("master:", await InsideAsync(pod, "grep ' /whole ' /proc/self/mountinfo"), StringComparison.Ordinal);
        else
        {
            _bench.Assign(pod);
            await _bench.WhenAsync(() => _bench.Events.All.Any(e => e.Reason == "Failed" && e.Message.Contains("not a shared or slave mount", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_volume_in_memory_holds_what_its_limit_says()
    {
        var container = TestPods.Container("main", "sleep 3600");
        container.VolumeMounts = [new() { Name = "memory", MountPath = "/memory" }];
        var pod = TestPods.Of("in-memory", container);
        pod.Spec.Volumes = [new() { Name = "memory", EmptyDir = new() { Medium = "Memory", SizeLimit = new("1Mi") } }];
        Assert.Contains("No space left", await InsideAsync(pod, "dd if=/dev/zero of=/memory/file bs=1k count=2048 2>&1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_that_fails_gives_its_own_grace()
    {
        var container = TestPods.Container("main", "trap '' TERM; while true; do sleep 0.2; done");
        container.LivenessProbe = new() { Exec = new() { Command = ["false"] }, PeriodSeconds = 1, FailureThreshold = 1, TimeoutSeconds = 5, TerminationGracePeriodSeconds = 1 };
        var pod = TestPods.Of("impatient", 600, container);
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].RestartCount > 0);
        Assert.Equal(137, _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].LastState.Terminated.ExitCode);
        _bench.Remove(pod.Metadata.Uid);
        await _bench.WhenTerminatedAsync(pod.Metadata.Uid);
    }

    [Fact]
    public async Task A_probe_that_takes_too_long_has_failed()
    {
        var container = TestPods.Container("main", "sleep 3600");
        container.ReadinessProbe = new() { Exec = new() { Command = ["sleep", "60"] }, PeriodSeconds = 1, FailureThreshold = 1, TimeoutSeconds = 1 };
        var pod = TestPods.Of("slow", container);
        _bench.Assign(pod);
        await _bench.WhenAsync(() => _bench.Events.All.Any(e => e.Reason == "Unhealthy" && e.Message.Contains("timed out", StringComparison.Ordinal)));
    }

    private async Task<string> InsideAsync(V1Pod pod, string script)
    {
        if (_bench.Status(pod.Metadata.Uid) is null) _bench.Change(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        var id = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].ContainerID["docker://".Length..];
        return (await _bench.Runtime.ExecAsync(id, ["sh", "-c", script], TimeSpan.FromSeconds(20), CancellationToken.None)).Output.Trim();
    }
}
