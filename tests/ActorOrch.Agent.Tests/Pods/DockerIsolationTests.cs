using System.Net;
using System.Net.Sockets;
using ActorOrch.Testing;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods;

/// <summary>Isolation that a pod asks for, on the real engine: given, or the pod does not run.</summary>
public sealed class DockerIsolationTests : IAsyncLifetime
{
    private const string Readable = """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO"}]}""";
    private readonly string _profiles = Directory.CreateTempSubdirectory("agent-seccomp-").FullName;
    private readonly AgentBench _bench;

    public DockerIsolationTests() => _bench = DockerBench.Create(options => options with { SeccompProfiles = _profiles });

    public async Task InitializeAsync()
    {
        await TestImage.EnsureAsync();
        _bench.Start();
        await _bench.Hello;
        // The first picture is a whole one; what follows are changes.
        _bench.Assign();
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        Directory.Delete(_profiles, recursive: true);
    }

    [Fact]
    public async Task A_process_is_in_fsGroup_and_the_supplemental_groups()
    {
        var pod = Pod("groups");
        pod.Spec.SecurityContext = new() { RunAsUser = 1000, RunAsGroup = 1001, FsGroup = 2000, SupplementalGroups = [3000, 3001], SupplementalGroupsPolicy = "Strict" };
        Assert.Equal("1000 1001 2000 3000 3001", string.Join(' ', $"1000 {await InsideAsync(pod, "id -G")}".Split(' ', '\n').Where(g => g.Length > 0).Order().Distinct()));
        Assert.Equal("1000", await InsideAsync(pod, "id -u"));
    }

    [Fact]
    public async Task A_group_of_its_own_leaves_the_images_user()
    {
        var pod = Pod("group");
        pod.Spec.SecurityContext = new() { RunAsGroup = 1001 };
        Assert.Equal("0:1001", await InsideAsync(pod, "echo $(id -u):$(id -g)"));
    }

    [Fact]
    public async Task A_profile_of_the_directory_filters_system_calls()
    {
        Directory.CreateDirectory(Path.Combine(_profiles, "profiles"));
        await File.WriteAllTextAsync(Path.Combine(_profiles, "profiles", "no-mkdir.json"), Readable);
        var pod = Pod("filtered");
        pod.Spec.SecurityContext = new() { SeccompProfile = new() { Type = "Localhost", LocalhostProfile = "profiles/no-mkdir.json" } };
        Assert.Equal("refused", await InsideAsync(pod, "mkdir /tmp/x 2> /dev/null || echo refused"));
    }

    [Fact]
    public async Task A_containers_profile_goes_before_its_pods()
    {
        var pod = Pod("unconfined");
        pod.Spec.SecurityContext = new() { SeccompProfile = new() { Type = "RuntimeDefault" } };
        pod.Spec.Containers.Add(TestPods.Container("free", "sleep 3600"));
        pod.Spec.Containers[1].SecurityContext = new() { SeccompProfile = new() { Type = "Unconfined" } };
        Assert.Equal("Seccomp:\t2", await InsideAsync(pod, "grep Seccomp: /proc/1/status"));
        Assert.Equal("Seccomp:\t0", await InsideAsync(pod, "grep Seccomp: /proc/1/status", container: 1));
    }

    [Theory]
    [InlineData("none/such.json", null, "no such file or directory")]
    [InlineData("broken.json", "{", "Expected")]
    [InlineData("other.json", "{}", "it has no defaultAction")]
    public async Task A_container_whose_profile_cannot_be_loaded_waits_until_it_can(string name, string? content, string why)
    {
        if (content is not null) await File.WriteAllTextAsync(Path.Combine(_profiles, name), content);
        var pod = Pod("waits");
        pod.Spec.Containers[0].SecurityContext = new() { SeccompProfile = new() { Type = "Localhost", LocalhostProfile = name } };
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting?.Reason == "CreateContainerError");

        var waiting = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Waiting;
        Assert.StartsWith($"cannot load seccomp profile \"{_profiles}/{name}\": ", waiting.Message, StringComparison.Ordinal);
        Assert.Contains(why, waiting.Message, StringComparison.Ordinal);
        Assert.Empty(await DockerBench.ContainersAsync(_bench));
    }

    [Fact]
    public async Task A_pod_that_wants_its_own_users_does_not_run_without_them()
    {
        var pod = Pod("users");
        pod.Spec.HostUsers = false;
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting?.Reason == "CreatePodSandboxError");

        Assert.Equal("can't set `spec.hostUsers: false`, runtime does not support user namespaces", _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Waiting.Message);
        Assert.Contains(_bench.Events.All, e => e.Reason == "FailedCreatePodSandBox" && e.Message.Contains("user namespaces", StringComparison.Ordinal));
        Assert.Empty(await DockerBench.ContainersAsync(_bench));
    }

    [Fact]
    public async Task A_pod_that_is_refused_ends_there_and_stays_refused_when_the_agent_starts_again()
    {
        var pod = Pod("confined");
        pod.Metadata.Annotations = new Dictionary<string, string> { ["container.apparmor.security.beta.kubernetes.io/main"] = "localhost/none" };
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase == "Failed");
        var status = _bench.Status(pod.Metadata.Uid)!;
        Assert.Equal(("AppArmor", "Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host"), (status.Reason, status.Message));
        await _bench.StopAgentAsync();
        pod.Status = status;
        // Even where it could be given now.
        pod.Metadata.Annotations.Clear();
        var other = Pod("other");

        _bench.Start("agent-again");
        _bench.Assign(pod, other);
        await _bench.WhenReadyAsync(other.Metadata.Uid);

        Assert.Equal("other", Assert.Single(await DockerBench.ContainersAsync(_bench)).Labels[ContainerLabels.PodName]);
        Assert.Equal("AppArmor", _bench.Status(pod.Metadata.Uid)!.Reason);
        _bench.Remove(pod.Metadata.Uid);
        await _bench.WhenTerminatedAsync(pod.Metadata.Uid);
    }

    [Fact]
    public async Task Containers_that_share_their_processes_see_each_other_and_no_one_else()
    {
        var pod = Pod("shared");
        pod.Spec.ShareProcessNamespace = true;
        pod.Spec.Containers.Add(TestPods.Container("second", "sleep 7200"));
        var seen = await InsideAsync(pod, "ps -o args");
        Assert.Contains("/sandbox", seen, StringComparison.Ordinal);
        Assert.Contains("sleep 7200", seen, StringComparison.Ordinal);
        Assert.True(seen.Split('\n').Length < 10, seen);
        // Whoever loses its parent is the sandbox's child, which leaves no dead behind.
        Assert.Equal("none", await InsideAsync(pod, "sh -c 'true & true & exec true'; sh -c '(sleep 0.1 &)'; sleep 0.5; ps -o stat | grep Z || echo none"));
    }

    [Fact]
    public async Task Containers_on_the_machines_network_can_share_their_processes_too()
    {
        var pod = Pod("shared-host");
        (pod.Spec.ShareProcessNamespace, pod.Spec.HostNetwork) = (true, true);
        Assert.Contains("/sandbox", await InsideAsync(pod, "ps -o args"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_the_machine_leads_to_the_pod()
    {
        var port = FreePorts.Next();
        var pod = TestPods.Of("ported", TestPods.Container("main", "mkdir /tmp/www; echo here > /tmp/www/index.html; httpd -f -h /tmp/www -p 8080"));
        pod.Spec.Containers[0].Ports = [new() { ContainerPort = 8080, HostPort = port, Protocol = "TCP" }];
        pod.Spec.Containers[0].ReadinessProbe = new() { TcpSocket = new() { Port = 8080 }, PeriodSeconds = 1, TimeoutSeconds = 1, FailureThreshold = 3 };
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        Assert.Equal("here\n", await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/")));
    }

    [Fact]
    public async Task A_port_of_one_address_is_not_open_on_another()
    {
        var port = FreePorts.Next();
        var pod = TestPods.Of("bound", TestPods.Container("main", "mkdir /tmp/www; echo here > /tmp/www/index.html; httpd -f -h /tmp/www -p 8080"));
        pod.Spec.Containers[0].Ports = [new() { ContainerPort = 8080, HostPort = port, HostIP = "127.0.0.2" }];
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.2", port);
        using var other = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => other.ConnectAsync("127.0.0.1", port));
    }

    [Fact]
    public async Task A_container_is_who_its_own_context_says()
    {
        var pod = Pod("own");
        pod.Spec.SecurityContext = new() { RunAsUser = 1000, RunAsGroup = 1001 };
        pod.Spec.Containers[0].SecurityContext = new() { RunAsUser = 2000, RunAsGroup = 2001 };
        Assert.Equal("2000:2001", await InsideAsync(pod, "echo $(id -u):$(id -g)"));
    }

    [Fact]
    public async Task A_pod_whose_port_is_taken_waits_and_leaves_nothing_behind()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var pod = Pod("taken");
        pod.Spec.Containers[0].Ports = [new() { ContainerPort = 8080, HostPort = ((IPEndPoint)taken.LocalEndpoint).Port, Protocol = "TCP" }];
        _bench.Assign(pod);
        await _bench.WhenAsync(() => _bench.Events.All.Count(e => e.Reason == "FailedCreatePodSandBox") > 1);
        Assert.True((await DockerBench.ContainersAsync(_bench)).Count <= 1);

        taken.Stop();
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
    }

    [Fact]
    public async Task Safe_sysctls_are_set_whatever_separates_their_names()
    {
        var pod = Pod("sysctls");
        pod.Spec.SecurityContext = new() { Sysctls = [new() { Name = "net/ipv4/ip_unprivileged_port_start", Value = "80" }, new() { Name = "kernel.shm_rmid_forced", Value = "1" }] };
        Assert.Equal("80 1", await InsideAsync(pod, "echo $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shm_rmid_forced)"));
    }

    [Fact]
    public async Task Sysctls_of_a_pod_on_the_machines_network_are_set()
    {
        var pod = Pod("sysctls-host");
        pod.Spec.HostNetwork = true;
        pod.Spec.SecurityContext = new() { Sysctls = [new() { Name = "kernel.shm_rmid_forced", Value = "1" }] };
        Assert.Equal("1", await InsideAsync(pod, "cat /proc/sys/kernel/shm_rmid_forced"));
    }

    [Fact]
    public async Task Capabilities_are_added_and_dropped_with_and_without_their_prefix()
    {
        var pod = Pod("capable");
        pod.Spec.Containers[0].SecurityContext = new() { Capabilities = new() { Drop = ["ALL"], Add = ["CAP_CHOWN", "NET_BIND_SERVICE"] } };
        Assert.Equal("CapPrm:\t0000000000000401", await InsideAsync(pod, "grep CapPrm /proc/1/status"));
    }

    [Fact]
    public async Task A_root_filesystem_that_is_read_only_cannot_be_written()
    {
        var pod = Pod("frozen");
        pod.Spec.Containers[0].SecurityContext = new() { ReadOnlyRootFilesystem = true };
        Assert.Equal("refused", await InsideAsync(pod, "touch /file 2> /dev/null || echo refused"));
    }

    [Fact]
    public async Task The_machines_processes_and_segments_are_seen_only_where_they_are_asked_for()
    {
        var (open, closed) = (Pod("open"), Pod("closed"));
        (open.Spec.HostPID, open.Spec.HostIPC) = (true, true);
        foreach (var name in (string[])["ipc", "pid"])
        {
            var own = new FileInfo($"/proc/self/ns/{name}").LinkTarget;
            Assert.Equal(own, await InsideAsync(open, $"readlink /proc/self/ns/{name}"));
            Assert.NotEqual(own, await InsideAsync(closed, $"readlink /proc/self/ns/{name}"));
        }
    }

    [Fact]
    public async Task The_kernel_knows_the_pod_by_its_whole_name_where_it_asks_for_that()
    {
        var (full, other) = (Pod("full"), Pod("other"));
        (full.Spec.Subdomain, full.Spec.SetHostnameAsFQDN) = ("web", true);
        other.Spec.HostnameOverride = "another.example.com";
        Assert.Equal("full.web.default.svc.cluster.local", await InsideAsync(full, "hostname"));
        Assert.Equal("another.example.com", await InsideAsync(other, "hostname"));
    }

    [Fact]
    public async Task A_container_is_stopped_with_the_signal_it_asks_for()
    {
        var pod = TestPods.Of("signalled", grace: 10, TestPods.Container("main", "trap 'echo usr1 > /dev/termination-log; exit 7' USR1; touch /tmp/ready; while true; do sleep 0.1; done"));
        pod.Spec.RestartPolicy = "Never";
        pod.Spec.Containers[0].Lifecycle = new() { StopSignal = "SIGUSR1" };
        pod.Spec.Containers[0].ReadinessProbe = new() { Exec = new() { Command = ["cat", "/tmp/ready"] }, PeriodSeconds = 1, TimeoutSeconds = 5 };
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        await _bench.Runtime.StopAsync(_bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].ContainerID["docker://".Length..], TimeSpan.FromSeconds(10), CancellationToken.None);

        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Terminated is { ExitCode: 7, Message: "usr1\n" });
    }

    [Fact]
    public async Task A_mount_that_must_be_read_only_to_its_depths_is_refused()
    {
        var pod = Pod("deep");
        pod.Spec.Volumes = [new() { Name = "v", EmptyDir = new() }];
        pod.Spec.Containers[0].VolumeMounts = [new() { Name = "v", MountPath = "/v", ReadOnlyProperty = true, RecursiveReadOnly = "Enabled" }];
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting?.Reason == "CreateContainerConfigError");
        Assert.Contains("not supported by the runtime", _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
    }

    private static V1Pod Pod(string name) => TestPods.Sleeping(name);

    /// <summary>What a script prints in a container of the pod, which is assigned where it is not yet.</summary>
    private async Task<string> InsideAsync(V1Pod pod, string script, int container = 0)
    {
        if (_bench.Status(pod.Metadata.Uid) is null) _bench.Change(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        var id = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[container].ContainerID["docker://".Length..];
        return (await _bench.Runtime.ExecAsync(id, ["sh", "-c", script], TimeSpan.FromSeconds(20), CancellationToken.None)).Output.Trim();
    }
}
