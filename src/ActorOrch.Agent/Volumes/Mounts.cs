using System.Text;
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

    public static List<MountSpec> Of(PodContext context, V1Container container, ContainerEnvironment environment, IReadOnlyDictionary<string, string> volumes)
    {
        var mounts = new List<MountSpec>();
        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (!volumes.TryGetValue(mount.Name, out var path)) throw new ContainerConfigException($"cannot find volume \"{mount.Name}\" to mount into container \"{container.Name}\"");
            var subPath = string.IsNullOrEmpty(mount.SubPathExpr) ? mount.SubPath : environment.Expand(mount.SubPathExpr);
            if (!string.IsNullOrEmpty(subPath)) path = SubPath(path, subPath, mount.Name);
            mounts.Add(new(path, mount.MountPath, mount.ReadOnlyProperty == true || IsProjected(context.Pod, mount.Name), Propagation(mount.MountPropagation)));
        }
        return mounts;
    }

    /// <summary>As the kubelet's: pods on the machine's network and containers that mount the file themselves get none.</summary>
    public static void AddHosts(List<MountSpec> mounts, PodContext context, PodDirectories directories)
    {
        var pod = context.Pod;
        if (pod.Spec.HostNetwork == true || mounts.Any(m => m.ContainerPath == HostsFile)) return;
        var path = directories.Hosts(pod.Metadata.Uid);
        if (!File.Exists(path)) Write(path, Hosts(context), AnyoneReads);
        mounts.Add(new(path, HostsFile, ReadOnly: false));
    }

    public static void AddResolver(List<MountSpec> mounts, PodContext context, PodDirectories directories, AgentOptions options)
    {
        if (mounts.Any(m => m.ContainerPath == ResolverFile)) return;
        var path = directories.ResolvConf(context.Pod.Metadata.Uid);
        if (!File.Exists(path))
        {
            var host = File.Exists(options.HostResolvConf) ? File.ReadAllText(options.HostResolvConf) : "";
            Write(path, PodDns.Write(context.Pod, host, options.Dns), AnyoneReads);
        }
        mounts.Add(new(path, ResolverFile, ReadOnly: false));
    }

    public static void AddTerminationMessage(List<MountSpec> mounts, V1Container container, string path)
    {
        Write(path, "", AnyoneWrites);
        mounts.Add(new(path, string.IsNullOrEmpty(container.TerminationMessagePath) ? "/dev/termination-log" : container.TerminationMessagePath, ReadOnly: false));
    }

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

    private static void Write(string path, string content, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
    }

    private static string SubPath(string volume, string subPath, string name)
    {
        var path = Path.GetFullPath(Path.Combine(volume, subPath));
        if (path != volume && !path.StartsWith(volume + "/", StringComparison.Ordinal))
            throw new ContainerConfigException($"failed to prepare subPath for volumeMount \"{name}\" of container: {subPath} is outside of the volume");
        if (!Path.Exists(path)) Directory.CreateDirectory(path);
        // The link's target of this moment: a subPath does not follow later updates, as documented upstream.
        return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }

    private static bool IsProjected(V1Pod pod, string volume) =>
        pod.Spec.Volumes?.FirstOrDefault(v => v.Name == volume) is { } found
        && (found.ConfigMap is not null || found.Secret is not null || found.DownwardAPI is not null || found.Projected is not null);

    private static string? Propagation(string? mode) => mode switch
    {
        "HostToContainer" => "rslave",
        "Bidirectional" => "rshared",
        _ => null,
    };
}
