using ActorOrch.Agent.Files;

namespace ActorOrch.Agent.Volumes;

/// <summary>
/// Where the agent keeps what belongs to pods: <c>DATA-DIR/pods/UID/…</c>. All directories down to the volumes themselves are the agent's alone:
/// what a pod may do to its volumes nobody else on the machine may.
/// </summary>
public sealed class PodDirectories(string dataDirectory)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Pods = "pods";
    private const string Containers = "containers";
    private const string Volumes = "volumes";
    private const string SubPaths = "volume-subpaths";
    private const string HostsName = "etc-hosts";
    private const string ResolvConfName = "resolv.conf";
    private readonly string _data = Path.GetFullPath(dataDirectory);

    public string All { get; } = Path.Combine(Path.GetFullPath(dataDirectory), Pods);

    public string Pod(string uid) => Path.Combine(All, uid);

    /// <summary>The directory of the volumes of one kind, as the kubelet names it.</summary>
    public static string Plugin(string kind) => $"kubernetes.io~{kind}";

    /// <summary>As the kubelet lays them out: <c>volumes/kubernetes.io~empty-dir/NAME</c>.</summary>
    public string Volume(string uid, string kind, string name) => Path.Combine(Pod(uid), Volumes, Plugin(kind), name);

    public string TerminationMessage(string uid, string container, int attempt) => Path.Combine(Pod(uid), Containers, container, $"{attempt}");

    public string Hosts(string uid) => Path.Combine(Pod(uid), HostsName);

    public string ResolvConf(string uid) => Path.Combine(Pod(uid), ResolvConfName);

    /// <summary>As the kubelet lays them out: <c>volume-subpaths/VOLUME/CONTAINER/INDEX</c>.</summary>
    public string SubPath(string uid, string volume, string container, int index) => Path.Combine(Pod(uid), SubPaths, volume, container, $"{index}");

    /// <summary>Makes the data directory and that of all pods where they are missing, and closes them to everybody else.</summary>
    public void Ensure()
    {
        Directory.CreateDirectory(_data, Private);
        File.SetUnixFileMode(_data, Private);
        EnsureAll().Dispose();
    }

    /// <summary>Null where there is nothing of any pod.</summary>
    internal Descriptor? FindAll() => Descriptor.FindPath(All);

    internal Descriptor EnsurePod(string uid)
    {
        using var all = EnsureAll();
        return all.EnsureDirectory(uid, Private);
    }

    /// <summary>The directory of the volumes of one kind.</summary>
    internal Descriptor EnsureVolumes(string uid, string kind) => EnsureBelow(uid, Volumes, Plugin(kind));

    internal Descriptor EnsureMessages(string uid, string container) => EnsureBelow(uid, Containers, container);

    /// <summary>The directory of what a container mounts of a volume.</summary>
    internal Descriptor EnsureSubPaths(string uid, string volume, string container) => EnsureBelow(uid, SubPaths, volume, container);

    /// <summary>The directory of all volumes of a pod; null where it has none.</summary>
    internal Descriptor? FindVolumes(string uid) => FindBelow(uid, Volumes);

    /// <summary>Null where the container has left nothing.</summary>
    internal Descriptor? FindMessages(string uid, string container) => FindBelow(uid, Containers, container);

    /// <summary>Null where the volume was never made.</summary>
    internal Descriptor? FindVolume(string uid, string kind, string name) => FindBelow(uid, Volumes, Plugin(kind), name);


    private Descriptor EnsureAll()
    {
        using var data = Descriptor.OpenPath(_data);
        return data.EnsureDirectory(Pods, Private);
    }

    private Descriptor EnsureBelow(string uid, params ReadOnlySpan<string> names)
    {
        var at = EnsurePod(uid);
        foreach (var name in names)
        {
            using var parent = at;
            at = parent.EnsureDirectory(name, Private);
        }
        return at;
    }

    private Descriptor? FindBelow(string uid, params ReadOnlySpan<string> names)
    {
        var at = FindAll();
        using (var all = at) at = all?.TryOpenDirectory(uid);
        foreach (var name in names)
        {
            using var parent = at;
            at = parent?.TryOpenDirectory(name);
        }
        return at;
    }
}
