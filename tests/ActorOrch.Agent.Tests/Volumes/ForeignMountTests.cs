using ActorOrch.Agent.Files;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Tests.Files;
using ActorOrch.Agent.Volumes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Volumes;

/// <summary>What somebody else has mounted below a pod's directory is theirs, whenever it was mounted and whatever is known of it.</summary>
public sealed class ForeignMountTests : IDisposable
{
    private const string Uid = "u";
    private readonly TempTree _tree = new();
    private readonly InMemoryRegistry _registry = new();
    private readonly PodDirectories _directories;

    public ForeignMountTests()
    {
        _directories = new(_tree.Root);
        _directories.Ensure();
    }

    public void Dispose() => _tree.Dispose();

    public static TheoryData<string, string> PlacesAndMounts
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var place in (string[])
                ["", "volumes", "volumes/kubernetes.io~configmap", "volumes/kubernetes.io~configmap/v", "volumes/kubernetes.io~configmap/v/below",
                 "volumes/kubernetes.io~secret/v", "volumes/kubernetes.io~empty-dir/v", "volumes/kubernetes.io~empty-dir/v/a/b", "volumes/kubernetes.io~csi/v/mount",
                 "volumes/kubernetes.io~csi/v", "volume-subpaths/v/c/0", "containers/c", "elsewhere"])
                foreach (var mount in (string[])["bind", "tmpfs", "nested", "twice", "covered"])
                    all.Add(place, mount);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(PlacesAndMounts))]
    public void What_is_mounted_is_unmounted_and_never_emptied(string place, string mount)
    {
        var at = Path.TrimEndingDirectorySeparator(Path.Combine(_directories.Pod(Uid), place));
        Directory.CreateDirectory(at);
        Mount(at, mount);

        // What an unknown source has made in its own directory is not deleted either.
        var stays = place.EndsWith("csi/v/mount", StringComparison.Ordinal) || (place.EndsWith("csi/v", StringComparison.Ordinal) && mount == "covered");

        // By an agent that knows nothing of it, as after a crash.
        if (stays) Assert.Throws<VolumeLeftException>(() => Agent().Remove(Uid));
        else Agent().Remove(Uid);

        Assert.DoesNotContain(MountTable.Read(), m => m.Point.StartsWith(_tree.Root + "/", StringComparison.Ordinal));
        Assert.Equal(stays, Directory.Exists(_directories.Pod(Uid)));
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void A_file_that_is_mounted_stays_what_it_is()
    {
        var file = Path.Combine(_directories.Pod(Uid), "volumes/kubernetes.io~empty-dir/v/file");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        TempTree.Shell($"mount --bind {_tree.Victim}/file {file}");

        Agent().Remove(Uid);

        Assert.False(Directory.Exists(_directories.Pod(Uid)));
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void What_is_in_the_volume_of_an_unknown_source_stays_and_is_named()
    {
        var data = Path.Combine(_directories.Pod(Uid), "volumes/kubernetes.io~csi/v/data");
        var own = Path.Combine(_directories.Pod(Uid), "volumes/kubernetes.io~empty-dir/own");
        Directory.CreateDirectory(Path.GetDirectoryName(data)!);
        Directory.CreateDirectory(own);
        File.WriteAllText(data, "precious");

        var left = Assert.Throws<VolumeLeftException>(() => Agent().Remove(Uid));

        Assert.Equal($"{_directories.Pod(Uid)} stays: kubernetes.io~csi/v in its volumes is of a source that this agent does not know, and not empty", left.Message);
        Assert.Equal("precious", File.ReadAllText(data));
        File.Delete(data);
        Agent().Remove(Uid);
        Assert.False(Directory.Exists(_directories.Pod(Uid)));
    }

    [Theory]
    [InlineData("configMap")]
    [InlineData("secret")]
    [InlineData("projected")]
    [InlineData("downwardAPI")]
    public async Task Nothing_is_written_into_a_mount_that_was_there_before(string source)
    {
        var (context, path) = await PodOfAsync(source);
        Directory.CreateDirectory(path);
        TempTree.Shell($"mount --bind {_tree.Victim} {path}");

        var refused = await Assert.ThrowsAsync<VolumeException>(() => Agent().PrepareAsync(context, CancellationToken.None));

        Assert.Equal($"MountVolume.SetUp failed for volume \"v\" : {path} is a mount that this agent did not make: nothing in it is changed", refused.Message);
        _tree.AssertVictimIsWhole();
    }

    [Theory]
    [InlineData("configMap")]
    [InlineData("secret")]
    [InlineData("projected")]
    [InlineData("downwardAPI")]
    public async Task Nor_into_one_that_came_while_the_pod_runs(string source)
    {
        var (context, path) = await PodOfAsync(source);
        await Agent().PrepareAsync(context, CancellationToken.None);
        TempTree.Shell($"mount --bind {_tree.Victim} {path}");
        context.Pod.Metadata.Labels["app"] = "changed";
        await _registry.PutAsync(BuiltIn.ConfigMaps, TestPods.ConfigMap("words", ("greeting", "bye")));

        await Agent().RefreshAsync(context, CancellationToken.None);

        _tree.AssertVictimIsWhole();
    }

    [Theory]
    [InlineData("tmpfs", false)]
    [InlineData("none", false)]
    [InlineData("tmpfs", true)]
    [InlineData("actororch", true)]
    public async Task A_file_system_in_memory_is_used_where_it_is_the_agents(string called, bool written)
    {
        var (context, path) = await PodOfAsync("secret");
        Directory.CreateDirectory(path);
        TempTree.Shell($"mount -t tmpfs {called} {path}");
        if (written) await Agent().PrepareAsync(context, CancellationToken.None);
        else File.WriteAllText(Path.Combine(path, "precious"), "precious");

        var again = Agent().PrepareAsync(context, CancellationToken.None);

        if (written) Assert.Equal("hunter2", File.ReadAllText(Path.Combine((await again)["v"], "password")));
        else
        {
            await Assert.ThrowsAsync<VolumeException>(() => again);
            Assert.Equal("precious", File.ReadAllText(Path.Combine(path, "precious")));
        }
    }

    [Fact]
    public async Task Who_may_use_what_is_mounted_over_an_emptyDir_stays_as_it_was()
    {
        var (context, path) = await PodOfAsync("emptyDir");
        context.Pod.Spec.SecurityContext = new() { FsGroup = 4711 };
        Directory.CreateDirectory(path);
        TempTree.Shell($"chmod 0750 {_tree.Victim} && mount --bind {_tree.Victim} {path}");

        await Agent().PrepareAsync(context, CancellationToken.None);

        Assert.Equal("750 0", TempTree.Shell($"stat -c '%a %g' {_tree.Victim}").Trim());
        _tree.AssertVictimIsWhole();
    }

    private VolumeManager Agent() => new(_directories, _registry, null, TimeProvider.System) { CanMount = true };

    private void Mount(string at, string kind)
    {
        switch (kind)
        {
            case "bind":
                TempTree.Shell($"mount --bind {_tree.Victim} {at}");
                break;
            case "tmpfs":
                TempTree.Shell($"mount -t tmpfs whoever {at} && echo theirs > {at}/file");
                break;
            case "nested":
                // The victim is reached two ways, and a file system stands between them.
                TempTree.Shell($"mount -t tmpfs whoever {at} && mkdir -p {at}/a/b && mount --bind {_tree.Victim} {at}/a/b && mount -t tmpfs whoever {at}/a/b/sub && mkdir {at}/a/b/sub/c && mount --bind {_tree.Victim} {at}/a/b/sub/c");
                break;
            case "twice":
                TempTree.Shell($"mount --bind {_tree.Victim} {at} && mount --bind {_tree.Victim} {at}");
                break;
            case "covered":
                // What is mounted below cannot be reached by its path any more.
                TempTree.Shell($"mkdir -p {at}/x && mount --bind {_tree.Victim} {at}/x && mount -t tmpfs whoever {at} && mount --bind {_tree.Victim} {at}");
                break;
        }
    }

    private async Task<(PodContext Context, string Path)> PodOfAsync(string source)
    {
        await _registry.PutAsync(BuiltIn.ConfigMaps, TestPods.ConfigMap("words", ("greeting", "hello")));
        await _registry.PutAsync(BuiltIn.Secrets, new V1Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new() { Name = "keys", NamespaceProperty = "default" },
            Data = new Dictionary<string, byte[]> { ["password"] = "hunter2"u8.ToArray() },
        });
        var pod = TestPods.Sleeping("p");
        pod.Metadata.Uid = Uid;
        var volume = source switch
        {
            "configMap" => new V1Volume { Name = "v", ConfigMap = new() { Name = "words" } },
            "secret" => new V1Volume { Name = "v", Secret = new() { SecretName = "keys" } },
            "downwardAPI" => new V1Volume { Name = "v", DownwardAPI = new() { Items = [new() { Path = "app", FieldRef = new() { FieldPath = "metadata.labels['app']" } }] } },
            "projected" => new V1Volume { Name = "v", Projected = new() { Sources = [new() { ConfigMap = new() { Name = "words" } }] } },
            _ => new V1Volume { Name = "v", EmptyDir = new() },
        };
        pod.Spec.Volumes = [volume];
        return (new(pod, [], [], 1, 1), _directories.Volume(Uid, VolumeSources.All[source].Directory!, "v"));
    }
}
