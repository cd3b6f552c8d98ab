using System.Text;
using ActorOrch.Agent.Files;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>A container's bind mounts: its volumes, the managed hosts file and the termination message.</summary>
internal static class Mounts
{
    private const string HostsFile = "/etc/hosts";
    private const string ResolverFile = "/etc/resolv.conf";
    private const UnixFileMode AnyoneWrites = (UnixFileMode)0b110_110_110;
    private const UnixFileMode AnyoneReads = (UnixFileMode)0b110_100_100;

    public static List<MountSpec> Of(
        PodContext context, V1Container container, ContainerEnvironment environment, IReadOnlyDictionary<string, string> volumes, SubPaths subPaths)
    {
        var mounts = new List<MountSpec>();
        for (var index = 0; index < (container.VolumeMounts?.Count ?? 0); index++)
        {
            var mount = container.VolumeMounts![index];
            if (!volumes.TryGetValue(mount.Name, out var path)) throw new ContainerConfigException($"cannot find volume \"{mount.Name}\" to mount into container \"{container.Name}\"");
            var subPath = string.IsNullOrEmpty(mount.SubPathExpr) ? mount.SubPath : environment.Expand(mount.SubPathExpr);
            if (!string.IsNullOrEmpty(subPath)) path = subPaths.Prepare(context.Pod, container, index, path, subPath);
            Put(mounts, new(path, PlaceOf(mount.MountPath), mount.ReadOnlyProperty == true || IsReadOnly(context.Pod, mount.Name), Propagation(mount.MountPropagation)));
        }
        return mounts;
    }

    /// <summary>As the kubelet's: pods on the machine's network and containers that mount the file themselves get none.</summary>
    public static void AddHosts(List<MountSpec> mounts, PodContext context, V1Container container, PodDirectories directories)
    {
        var pod = context.Pod;
        if (pod.Spec.HostNetwork == true || mounts.Any(m => m.ContainerPath == HostsFile)) return;
        WriteOnce(directories, pod.Metadata.Uid, container, Path.GetFileName(directories.Hosts(pod.Metadata.Uid)), () => Hosts(context));
        mounts.Add(new(directories.Hosts(pod.Metadata.Uid), HostsFile, ReadOnly: false));
    }

    public static void AddResolver(List<MountSpec> mounts, PodContext context, V1Container container, PodDirectories directories, AgentOptions options)
    {
        if (mounts.Any(m => m.ContainerPath == ResolverFile)) return;
        var uid = context.Pod.Metadata.Uid;
        WriteOnce(directories, uid, container, Path.GetFileName(directories.ResolvConf(uid)), () =>
            PodDns.Write(context.Pod, File.Exists(options.HostResolvConf) ? File.ReadAllText(options.HostResolvConf) : "", options.Dns));
        mounts.Add(new(directories.ResolvConf(uid), ResolverFile, ReadOnly: false));
    }

    public static void AddTerminationMessage(List<MountSpec> mounts, V1Container container, PodDirectories directories, string podUid, int attempt)
    {
        var path = directories.TerminationMessage(podUid, container.Name, attempt);
        using (var messages = directories.EnsureMessages(podUid, container.Name))
        {
            FileName name = Path.GetFileName(path);
            // An earlier try to create this container may have had its place made already.
            using var earlier = messages.TryOpenFile(name, write: true);
            if (earlier is not null) RandomAccess.SetLength(earlier.Handle, 0);
            else
            {
                TreeRemoval.Remove(messages, name);
                messages.CreateFile(name, [], AnyoneWrites);
            }
        }
        Put(mounts, new(path, PlaceOf(string.IsNullOrEmpty(container.TerminationMessagePath) ? "/dev/termination-log" : container.TerminationMessagePath), ReadOnly: false));
    }

    /// <summary>What is mounted later lies above what is there already, which nobody sees then; the engine refuses two at one place.</summary>
    private static void Put(List<MountSpec> mounts, MountSpec mount)
    {
        mounts.RemoveAll(m => m.ContainerPath == mount.ContainerPath);
        mounts.Add(mount);
    }

    /// <summary>As the engine writes it: absolute, without double slashes, dots or a slash at the end.</summary>
    private static string PlaceOf(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, "/"));

    internal static string Hosts(PodContext context)
    {
        var pod = context.Pod;
        var name = HostNames.Short(pod);
        var text = new StringBuilder(
            "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n"
            + "fe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
        var domain = string.IsNullOrEmpty(pod.Spec.Subdomain) ? "" : HostNames.Full(pod) + "\t";
        foreach (var address in context.PodAddresses) text.Append(address).Append('\t').Append(domain).Append(name).Append('\n');
        if (pod.Spec.HostAliases is not { Count: > 0 } aliases) return text.ToString();
        text.Append("\n# Entries added by HostAliases.\n");
        foreach (var alias in aliases) text.Append(alias.Ip).Append('\t').AppendJoin('\t', alias.Hostnames ?? []).Append('\n');
        return text.ToString();
    }

    /// <summary>
    /// The file is the containers' from its first mount on: whatever they made of it, it is neither read nor written again. It gets its name when
    /// it is whole, by the first of the containers that start at the same time.
    /// </summary>
    private static void WriteOnce(PodDirectories directories, string podUid, V1Container container, string name, Func<string> content)
    {
        using var pod = directories.EnsurePod(podUid);
        if (Exists(pod, name)) return;
        var next = $"{name}.{container.Name}";
        TreeRemoval.Remove(pod, next);
        pod.CreateFile(next, Encoding.UTF8.GetBytes(content()), AnyoneReads);
        if (!pod.TryName(next, name) && !Exists(pod, name)) throw new IOException($"something else stands in the place of {name}");
        pod.Unlink(next);
    }

    private static bool Exists(Descriptor directory, string name)
    {
        using var there = directory.TryOpenFile(name);
        return there is not null;
    }

    private static bool IsReadOnly(V1Pod pod, string volume) =>
        pod.Spec.Volumes?.FirstOrDefault(v => v.Name == volume) is { } found && VolumeSources.Find(found) is { IsReadOnly: true };

    private static string? Propagation(string? mode) => mode switch
    {
        "HostToContainer" => "rslave",
        "Bidirectional" => "rshared",
        _ => null,
    };
}
