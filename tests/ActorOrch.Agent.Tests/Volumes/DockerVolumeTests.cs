using System.Text.Json.Nodes;
using ActorOrch.Agent.Tests.Files;
using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Volumes;

/// <summary>Volumes on the real engine: what containers of any user may do with them, and what nobody else on the machine may.</summary>
public sealed class DockerVolumeTests : IAsyncLifetime
{
    private const string AsNobody = "setpriv --reuid 65534 --regid 65534 --clear-groups";
    private readonly AgentBench _bench = DockerBench.Create();

    public async Task InitializeAsync()
    {
        await TestImage.EnsureAsync();
        await _bench.CreateAsync(BuiltIn.ConfigMaps, TestPods.ConfigMap("words", ("greeting", "hello")));
        await _bench.CreateAsync(BuiltIn.Secrets, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "keys", ["namespace"] = "default", ["uid"] = "keys" },
            ["data"] = new JsonObject { ["password"] = Convert.ToBase64String("hunter2"u8) },
        });
        _bench.Start();
        await _bench.Hello;
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Nobody_else_on_the_machine_finds_anything_of_a_running_pod()
    {
        var pod = Everything("private");
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        var data = _bench.Options.DataDirectory;
        Assert.Contains("hunter2", TempTree.Shell($"find {data} -type f -exec cat {{}} +"), StringComparison.Ordinal);

        // Whoever knows each path by heart comes no further than one who has to look for it.
        Assert.Equal("", TempTree.Shell($"find {data} | {AsNobody} sh -c 'while read path; do [ ! -r \"$path\" ] && [ ! -w \"$path\" ] && [ ! -x \"$path\" ] || echo \"$path\"; done'"));
        Assert.Equal("", TempTree.Shell($"{AsNobody} find {data} -mindepth 1 2>/dev/null || true"));
        Assert.Equal("", TempTree.Shell($"find {data} -type s"));
    }

    [Fact]
    public async Task A_container_of_any_user_uses_what_it_is_given()
    {
        var pod = Everything("any");
        pod.Spec.SecurityContext = new() { RunAsUser = 12345, RunAsGroup = 12345 };
        pod.Spec.Containers[0].Command = ["sh", "-c",
            "set -e; cat /words/greeting /keys/password; for d in /disk /memory /part; do touch $d/x; done; cat /etc/hosts /etc/resolv.conf > /dev/null; echo bye > /dev/termination-log"];
        pod.Spec.RestartPolicy = "Never";
        _bench.Assign(pod);

        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase is "Succeeded" or "Failed");

        var ended = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Terminated;
        Assert.Equal((0, "bye\n"), (ended.ExitCode, ended.Message));
    }

    [Fact]
    public async Task The_pods_group_owns_what_is_made_in_its_volumes()
    {
        var pod = Everything("grouped");
        pod.Spec.SecurityContext = new() { RunAsUser = 12345, RunAsGroup = 12345, FsGroup = 4711 };
        pod.Spec.Volumes.Single(v => v.Name == "keys").Secret.DefaultMode = 0x100;
        pod.Spec.Containers[0].Command = ["sh", "-c", "touch /disk/x /memory/x /part/x; stat -L -c '%g %a' /disk /memory /part /disk/x /memory/x /part/x /keys/password > /dev/termination-log"];
        pod.Spec.RestartPolicy = "Never";
        _bench.Assign(pod);

        await _bench.WhenAsync(pod.Metadata.Uid, s => s.Phase is "Succeeded" or "Failed");

        // The files' own group is the directory's; the secret is its owner's and the group's to read.
        Assert.Equal(
            "4711 2777\n4711 2777\n4711 2777\n4711 644\n4711 644\n4711 644\n4711 440\n",
            _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].State.Terminated.Message);
    }

    [Fact]
    public async Task A_part_of_a_ConfigMap_stays_as_it_was_mounted_and_the_whole_follows_the_last_of_many_changes()
    {
        const int changes = 60;
        var pod = Everything("follows");
        foreach (var volume in (string[])["words", "keys"])
            pod.Spec.Containers[0].VolumeMounts.Add(new() { Name = volume, MountPath = $"/part-of-{volume}", SubPath = volume == "words" ? "greeting" : "password" });
        _bench.Assign(pod);
        await _bench.WhenReadyAsync(pod.Metadata.Uid);
        Assert.Equal("hello hunter2", await ShellAsync(pod, "cat /part-of-words; echo -n ' '; cat /part-of-keys"));

        for (var i = 1; i <= changes; i++) await _bench.ReplaceAsync(BuiltIn.ConfigMaps, TestPods.ConfigMap("words", ("greeting", $"hello {i}")));

        await _bench.WhenAsync(() => ShellAsync(pod, "cat /words/greeting"), $"hello {changes}");
        Assert.Equal("hello", await ShellAsync(pod, "cat /part-of-words"));
        Assert.Equal("1", (await ShellAsync(pod, "ls -A /words | grep -c '^[.][.]2'")).Trim());
    }

    private async Task<string> ShellAsync(V1Pod pod, string script)
    {
        var id = _bench.Status(pod.Metadata.Uid)!.ContainerStatuses[0].ContainerID["docker://".Length..];
        return (await _bench.Runtime.ExecAsync(id, ["sh", "-c", script], TimeSpan.FromSeconds(10), CancellationToken.None)).Output;
    }

    private static V1Pod Everything(string name)
    {
        var container = TestPods.Container("main", "sleep 3600");
        var pod = TestPods.Of(name, container);
        pod.Spec.Volumes =
        [
            new() { Name = "words", ConfigMap = new() { Name = "words" } },
            new() { Name = "keys", Secret = new() { SecretName = "keys" } },
            new() { Name = "disk", EmptyDir = new() },
            new() { Name = "memory", EmptyDir = new() { Medium = "Memory" } },
        ];
        container.VolumeMounts = [.. pod.Spec.Volumes.Select(v => new V1VolumeMount { Name = v.Name, MountPath = $"/{v.Name}" }), new() { Name = "disk", MountPath = "/part", SubPath = "part" }];
        return pod;
    }
}
