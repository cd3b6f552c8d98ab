using ActorOrch.Agent.Files;
using ActorOrch.Agent.Tests.Files;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Volumes;

/// <summary>Parts of volumes on the real engine, with pods that try to get at the machine by them.</summary>
public sealed class DockerSubPathTests : IAsyncLifetime
{
    private const string Refused = "CreateContainerConfigError";
    private const int Nobody = 65534;
    private readonly AgentBench _bench = DockerBench.Create();
    private readonly TempTree _tree = new();

    public async Task InitializeAsync()
    {
        await TestImage.EnsureAsync();
        _bench.Start();
        await _bench.Hello;
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        _tree.Dispose();
    }

    [Fact]
    public async Task Links_that_a_pod_made_in_an_emptyDir_do_not_lead_out_of_it()
    {
        const string plant = """
            cd /v && mkdir -p d/e && ln -s / root && ln -s /etc abs && ln -s /etc/passwd file && ln -s ../../../../../../../../../.. up && ln -s .. one-up
            ln -s ../../../.. d/deep && ln -s root via && ln -s /proc/self/root proc && ln -s /proc/1/cwd cwd && ln -s /var/run/docker.sock sock
            """;
        string[] subPaths = ["root", "root/etc", "abs", "file", "up", "up/etc", "one-up", "d/deep", "d/deep/etc/passwd", "via", "via/new", "proc", "cwd", "sock"];
        var mains = subPaths.SelectMany((subPath, i) => new[] { Part($"rw{i}", subPath, readOnly: false), Part($"ro{i}", subPath, readOnly: true) }).ToArray();
        var pod = Planted("escape", plant, mains);
        _bench.Assign(pod);

        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses.All(c => c.State.Waiting?.Reason == Refused));

        foreach (var status in _bench.Status(pod.Metadata.Uid)!.ContainerStatuses)
        {
            var subPath = mains.Single(m => m.Name == status.Name).VolumeMounts[0].SubPath;
            Assert.Equal($"failed to prepare subPath for volumeMount \"v\" of container \"{status.Name}\": \"{subPath}\" leads out of the volume", status.State.Waiting.Message);
        }
        Assert.Contains(_bench.Events.All, e => e is { Type: "Warning", Reason: "Failed" } && e.Message.StartsWith("Error: failed to prepare subPath for volumeMount \"v\"", StringComparison.Ordinal));
        Assert.DoesNotContain(await DockerBench.ContainersAsync(_bench), c => c.Name.Contains("_rw", StringComparison.Ordinal) || c.Name.Contains("_ro", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parts_of_an_emptyDir_are_mounted_as_they_are()
    {
        const string plant = "cd /v && mkdir -p d/e && echo in-file > d/file && echo deep > d/e/deep && ln -s d/e inner && ln -s ../file d/e/to-file";
        var pod = Planted("parts", plant,
            Part("dir", "d", false, "cat /part/file; echo written > /part/by-dir; sleep 3600"),
            Part("readonly", "d", true, "cat /part/file; touch /part/x || echo refused; sleep 3600"),
            Part("file", "d/file", false, "cat /part; sleep 3600"),
            Part("link", "inner", false, "cat /part/deep; sleep 3600"),
            Part("file-link", "d/e/to-file", false, "cat /part; sleep 3600"),
            Part("fresh", "new/er", false, "touch /part/mine && stat -c %a /part; sleep 3600"));
        var expanded = Part("expanded", null, false, "pwd; touch /part/mine && echo made; sleep 3600");
        expanded.Env = [new() { Name = "WHO", Value = "me" }];
        expanded.VolumeMounts[0].SubPathExpr = "of/$(WHO)";
        var whole = Part("whole", null, false, "until [ -e /part/d/by-dir -a -e /part/new/er/mine -a -e /part/of/me/mine ]; do sleep 0.1; done; echo all; sleep 3600");
        pod.Spec.Containers = [.. pod.Spec.Containers, expanded, whole];
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        await _bench.WhenAsync(() => LogAsync(pod, "whole"), "all\n");
        await _bench.WhenAsync(() => LogAsync(pod, "dir"), "in-file\n");
        await _bench.WhenAsync(async () => (await LogAsync(pod, "readonly")).Contains("refused", StringComparison.Ordinal) ? "refused" : "", "refused");
        await _bench.WhenAsync(() => LogAsync(pod, "file"), "in-file\n");
        await _bench.WhenAsync(() => LogAsync(pod, "link"), "deep\n");
        await _bench.WhenAsync(() => LogAsync(pod, "file-link"), "in-file\n");
        await _bench.WhenAsync(() => LogAsync(pod, "fresh"), "777\n");
    }

    [Fact]
    public async Task A_link_that_appears_between_two_runs_of_a_container_is_refused_until_it_is_gone()
    {
        var keeper = Part("keeper", null, false, "mkdir /part/d; sleep 3600");
        var pod = TestPods.Of("restarted", keeper, Part("main", "d", false, "ls /part; sleep 3600"));
        Share(pod, new() { Name = "v", EmptyDir = new() });
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        await ShellAsync(pod, "keeper", "mv /part/d /part/kept && ln -s / /part/d");

        await _bench.Runtime.StopAsync(Id(pod, "main"), TimeSpan.Zero, CancellationToken.None);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses.Single(c => c.Name == "main").State.Waiting?.Reason == Refused);
        await ShellAsync(pod, "keeper", "rm /part/d && mv /part/kept /part/d && touch /part/d/back");
        await _bench.WhenReadyAsync(pod.Metadata.Uid);

        await _bench.WhenAsync(() => LogAsync(pod, "main"), "back\n");
    }

    [Fact]
    public async Task Whoever_exchanges_a_directory_and_a_link_while_containers_start_gets_nothing_for_it()
    {
        // On the machine "x" never is what the link of the pod says: only a container that got out would see this file.
        var outside = _tree.Victim;
        var attacker = Part("attacker", null, false, $"cd /part; while true; do ln -s {outside} x; rm x; mkdir x; rmdir x; done");
        var mains = Enumerable.Range(0, 12).Select(i => Part($"m{i}", i % 2 == 0 ? "x" : "x/sub", false, "ls /part; sleep 3600")).ToArray();
        var pod = TestPods.Of("race", [attacker, .. mains]);
        Share(pod, new() { Name = "v", EmptyDir = new() });
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => mains.All(m => s.ContainerStatuses.Single(c => c.Name == m.Name) is { State: { Running: not null } or { Waiting.Reason: Refused } }));

        foreach (var main in mains)
            if (_bench.Status(pod.Metadata.Uid)!.ContainerStatuses.Single(c => c.Name == main.Name).State.Running is not null)
                Assert.DoesNotContain("file", await LogAsync(pod, main.Name), StringComparison.Ordinal);
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public async Task A_hostPath_is_not_left_either_and_stays_as_it_was_when_the_pod_goes()
    {
        _tree.Write("d/file", "kept\n");
        _tree.Link("named-in-full", _tree.At("d"));
        _tree.Link("out", _tree.Victim);
        _tree.Link("up", "../victim");
        TempTree.Shell($"chmod -R a+rX {_tree.Root}");
        var pod = TestPods.Of("host", Part("in", "d", false, "cat /part/file; sleep 3600"), Part("full", "named-in-full", true, "cat /part/file; sleep 3600"),
            Part("out", "out", false), Part("up", "up/sub", true));
        Share(pod, new() { Name = "v", HostPath = new() { Path = _tree.Root, Type = "Directory" } });
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses.All(c => c.Name is "in" or "full" ? c.Ready : c.State.Waiting?.Reason == Refused));
        await _bench.WhenAsync(() => LogAsync(pod, "in"), "kept\n");
        await _bench.WhenAsync(() => LogAsync(pod, "full"), "kept\n");
        Assert.Equal(2, MountsOf(pod));

        // The next agent finds the mounts of the one that was killed.
        await _bench.StopAgentAsync();
        pod.Status = _bench.Status(pod.Metadata.Uid);
        _bench.Start("agent-again");
        pod.Metadata.DeletionTimestamp = DateTime.UtcNow.AddSeconds(1);
        _bench.Assign(pod);
        await _bench.WhenTerminatedAsync(pod.Metadata.Uid);

        Assert.Equal(0, MountsOf(pod));
        Assert.False(Directory.Exists(_bench.PodDirectory(pod.Metadata.Uid)));
        Assert.Equal("kept\n", File.ReadAllText(_tree.At("d/file")));
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public async Task A_pod_that_is_nobodys_leaves_no_mount_behind()
    {
        var pod = TestPods.Of("orphan", Part("main", "d", false));
        Share(pod, new() { Name = "v", EmptyDir = new() { Medium = "Memory" } });
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        Assert.Equal(2, MountsOf(pod));
        await _bench.StopAgentAsync();

        _bench.Start("agent-again");
        _bench.Assign();
        await _bench.WhenGoneAsync("orphan");
        await _bench.WhenAsync(() => Task.FromResult($"{Directory.Exists(_bench.PodDirectory(pod.Metadata.Uid))}"), "False");

        Assert.Equal(0, MountsOf(pod));
    }

    private int MountsOf(V1Pod pod) => MountTable.Read().Count(m => m.Point.StartsWith(_bench.PodDirectory(pod.Metadata.Uid) + "/", StringComparison.Ordinal));

    private static V1Pod Planted(string name, string script, params V1Container[] mains)
    {
        var pod = TestPods.Of(name, mains);
        var plant = Part("plant", null, false, script);
        plant.VolumeMounts[0].MountPath = "/v";
        pod.Spec.InitContainers = [plant];
        Share(pod, new() { Name = "v", EmptyDir = new() });
        return pod;
    }

    private static void Share(V1Pod pod, V1Volume volume) => pod.Spec.Volumes = [volume];

    /// <summary>A container as unprivileged as can be, with a part of the volume.</summary>
    private static V1Container Part(string name, string? subPath, bool readOnly, string script = "ls /part; sleep 3600")
    {
        var container = TestPods.Container(name, script);
        container.SecurityContext = new() { RunAsUser = Nobody, AllowPrivilegeEscalation = false, Capabilities = new() { Drop = ["ALL"] } };
        container.VolumeMounts = [new() { Name = "v", MountPath = "/part", SubPath = subPath, ReadOnlyProperty = readOnly }];
        return container;
    }

    private string Id(V1Pod pod, string container) => _bench.Status(pod.Metadata.Uid)!.ContainerStatuses.Single(c => c.Name == container).ContainerID["docker://".Length..];

    private async Task ShellAsync(V1Pod pod, string container, string script)
    {
        var result = await _bench.Runtime.ExecAsync(Id(pod, container), ["sh", "-c", script], TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.True(result.ExitCode == 0, result.Output);
    }

    private async Task<string> LogAsync(V1Pod pod, string container)
    {
        using var log = new MemoryStream();
        await _bench.Streams.CopyLogsAsync(
            new(new("default", pod.Metadata.Name), pod.Metadata.Uid, container, false, Follow: false, Timestamps: false, null, null, null), log, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(log.ToArray());
    }
}
