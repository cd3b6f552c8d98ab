using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Tests.Files;
using ActorOrch.Agent.Volumes;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Volumes;

/// <summary>The engine refuses two mounts at one place; Kubernetes lets the later one cover the earlier.</summary>
public sealed class MountPlacesTests : IDisposable
{
    private const string Uid = "uid";
    private readonly TempTree _tree = new();
    private readonly PodDirectories _directories;

    public MountPlacesTests()
    {
        _directories = new(_tree.Root);
        _directories.Ensure();
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData(null, "/dev/termination-log", "/etc/hosts=etc-hosts /etc/resolv.conf=resolv.conf /dev/termination-log=message")]
    [InlineData("/etc/hosts", null, "/etc/resolv.conf=resolv.conf /etc/hosts=message")]
    [InlineData("/etc//hosts/", null, "/etc/resolv.conf=resolv.conf /etc/hosts=message")]
    [InlineData("/etc/resolv.conf", null, "/etc/hosts=etc-hosts /etc/resolv.conf=message")]
    [InlineData(null, "/etc/hosts", "/etc/hosts=volume /etc/resolv.conf=resolv.conf /dev/termination-log=message")]
    [InlineData(null, "/etc/./hosts/", "/etc/hosts=volume /etc/resolv.conf=resolv.conf /dev/termination-log=message")]
    [InlineData(null, "etc/resolv.conf", "/etc/resolv.conf=volume /etc/hosts=etc-hosts /dev/termination-log=message")]
    [InlineData("/etc/hosts", "/etc/hosts", "/etc/resolv.conf=resolv.conf /etc/hosts=message")]
    public void One_place_has_one_mount(string? message, string? mountPath, string expected)
    {
        var container = new V1Container
        {
            Name = "main",
            TerminationMessagePath = message,
            VolumeMounts = mountPath is null ? null : [new() { Name = "v", MountPath = mountPath }],
        };
        var pod = new V1Pod { Metadata = new() { Name = "p", NamespaceProperty = "default", Uid = Uid }, Spec = new() { Containers = [container], DnsPolicy = "None" } };
        var context = new PodContext(pod, [], [], 1, 1);

        var mounts = Mounts.Of(context, container, null!, new Dictionary<string, string> { ["v"] = "/volume" }, null!);
        Mounts.AddHosts(mounts, context, container, _directories);
        Mounts.AddResolver(mounts, context, container, _directories, new() { NodeName = "n", DataDirectory = _tree.Root, HostAddresses = [], PodNetwork = new("b", null, null) });
        Mounts.AddTerminationMessage(mounts, container, _directories, Uid, 0);

        Assert.Equal(expected, string.Join(' ', mounts.Select(m => $"{m.ContainerPath}={Word(m.HostPath)}")));
    }

    private string Word(string path) => path == _directories.TerminationMessage(Uid, "main", 0) ? "message" : Path.GetFileName(path);
}
