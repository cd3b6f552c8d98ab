using System.Globalization;
using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Simulated;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>From a container of a pod to what the runtime is told.</summary>
internal static class ContainerSpecFactory
{
    public static ContainerSpec Build(
        PodContext context, V1Container container, ContainerKind kind, int attempt, ContainerEnvironment environment,
        IReadOnlyList<MountSpec> mounts, ContainerPlace place, string terminationMessageFile, ImageInfo image, SeccompFilter seccomp)
    {
        var pod = context.Pod;
        var security = container.SecurityContext;
        var podSecurity = pod.Spec.SecurityContext;
        var qos = QosClass.Of(pod.Spec);
        return new()
        {
            Name = Name(container.Name, pod, attempt),
            Image = container.Image,
            Command = Expanded(container.Command, environment),
            Args = Expanded(container.Args, environment),
            WorkingDirectory = container.WorkingDir,
            Environment = WithHostName(environment.Variables, HostNames.InKernel(pod)),
            Labels = Labels(pod, container.Name, kind, attempt, SpecHash(container), context.PodAddresses, terminationMessageFile),
            Mounts = mounts,
            Network = place.Network,
            Hostname = place.Network is NetworkMode.Own ? HostNames.InKernel(pod) : null,
            CpuShares = ResourceAmounts.CpuShares(container.Resources),
            CpuLimitMillis = ResourceAmounts.CpuLimitMillis(container.Resources),
            MemoryLimitBytes = ResourceAmounts.MemoryLimitBytes(container.Resources),
            OomScoreAdj = QosClass.OomScoreAdj(
                qos, ResourceAmounts.Find(container.Resources?.Requests, "memory") ?? 0, (long)context.AllocatableMemory),
            User = User(security, podSecurity, image),
            Groups = Groups(podSecurity),
            Privileged = security?.Privileged == true,
            ReadOnlyRootFilesystem = security?.ReadOnlyRootFilesystem == true,
            NoNewPrivileges = security?.AllowPrivilegeEscalation == false,
            AddCapabilities = [.. security?.Capabilities?.Add ?? []],
            DropCapabilities = [.. security?.Capabilities?.Drop ?? []],
            Tty = container.Tty == true,
            Stdin = container.Stdin == true,
            StdinOnce = container.StdinOnce == true,
            // In a sandbox they are set once, for all.
            Sysctls = place.Sandbox is null ? Sysctls.Of(pod.Spec) : new Dictionary<string, string>(),
            ShareHostPid = pod.Spec.HostPID == true,
            ShareHostIpc = pod.Spec.HostIPC == true,
            SharePidWith = pod.Spec.ShareProcessNamespace == true ? place.Sandbox : null,
            ShareHostUsers = pod.Spec.HostUsers == true,
            Seccomp = seccomp,
            AppArmorProfile = AppArmor.Profile(pod, container),
            SELinux = (security?.SeLinuxOptions ?? podSecurity?.SeLinuxOptions) is { } label ? new(label.User, label.Role, label.Type, label.Level) : null,
            UnmaskedProc = security?.ProcMount == "Unmasked",
            StopSignal = container.Lifecycle?.StopSignal,
        };
    }

    /// <summary>The container that holds the namespace of a pod of several.</summary>
    public static ContainerSpec Sandbox(PodContext context, int attempt, string image, NetworkMode network) => new()
    {
        Name = Name(ContainerLabels.SandboxName, context.Pod, attempt),
        Image = image,
        Labels = Labels(context.Pod, ContainerLabels.SandboxName, null, attempt, "", context.PodAddresses, ""),
        Network = network,
        Hostname = HostNames.InKernel(context.Pod),
        Sysctls = Sysctls.Of(context.Pod.Spec),
        ShareHostIpc = context.Pod.Spec.HostIPC == true,
        ShareHostUsers = context.Pod.Spec.HostUsers == true,
        Ports = HostPorts.Of(context.Pod.Spec),
        CpuShares = 2,
    };

    public static string Name(string container, V1Pod pod, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"k8s_{container}_{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}_{pod.Metadata.Uid}_{attempt}");

    /// <summary>Only name and image: everything else of a running pod's containers cannot be changed. As upstream since 1.31.</summary>
    public static string SpecHash(V1Container container)
    {
        var hash = new HashCode64();
        hash.Add(container.Name);
        hash.Add(container.Image);
        return hash.ToString();
    }

    private static List<string>? Expanded(IList<string>? words, ContainerEnvironment environment) =>
        words is { Count: > 0 } ? [.. words.Select(environment.Expand)] : null;

    /// <summary>Containers that join a sandbox would otherwise get the sandbox's variable.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> WithHostName(IReadOnlyList<KeyValuePair<string, string>> variables, string name) =>
        variables.Any(v => v.Key == "HOSTNAME") ? variables : [.. variables, new("HOSTNAME", name)];

    private static string? User(V1SecurityContext? container, V1PodSecurityContext? pod, ImageInfo image)
    {
        var user = container?.RunAsUser ?? pod?.RunAsUser;
        var group = container?.RunAsGroup ?? pod?.RunAsGroup;
        return (user, group) switch
        {
            (null, null) => null,
            // Another group does not make the image's user another one.
            (null, { } g) => $"{(image.User?.Split(':')[0] is { Length: > 0 } of ? of : "0")}:{g}",
            ({ } u, null) => $"{u}",
            ({ } u, { } g) => $"{u}:{g}",
        };
    }

    private static long[] Groups(V1PodSecurityContext? pod) =>
        [.. (pod?.SupplementalGroups ?? []).Concat(pod?.FsGroup is { } group ? [group] : []).OfType<long>().Distinct()];

    private static Dictionary<string, string> Labels(
        V1Pod pod, string container, ContainerKind? kind, int attempt, string specHash, IReadOnlyList<string> addresses, string terminationMessageFile)
    {
        var labels = new Dictionary<string, string>
        {
            [ContainerLabels.PodName] = pod.Metadata.Name,
            [ContainerLabels.PodNamespace] = pod.Metadata.NamespaceProperty,
            [ContainerLabels.PodUid] = pod.Metadata.Uid,
            [ContainerLabels.ContainerName] = container,
            [ContainerLabels.Role] = kind switch
            {
                null => ContainerLabels.RoleSandbox,
                ContainerKind.Main => ContainerLabels.RoleContainer,
                _ => ContainerLabels.RoleInit,
            },
            [ContainerLabels.Attempt] = attempt.ToString(CultureInfo.InvariantCulture),
            [ContainerLabels.SpecHash] = specHash,
        };
        if (pod.Spec.HostNetwork != true)
        {
            foreach (var address in addresses)
                labels[address.Contains(':', StringComparison.Ordinal) ? ContainerLabels.Address6 : ContainerLabels.Address4] = address;
        }
        foreach (var (key, value) in pod.Metadata.Annotations ?? new Dictionary<string, string>())
            if (key.StartsWith(SimulatedBehaviour.Prefix, StringComparison.Ordinal)) labels[key] = value;
        if (terminationMessageFile.Length > 0) labels[ContainerLabels.TerminationMessage] = terminationMessageFile;
        return labels;
    }
}
