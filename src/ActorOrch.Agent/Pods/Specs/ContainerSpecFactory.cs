using System.Globalization;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Simulated;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>From a container of a pod to what the runtime is told.</summary>
internal static class ContainerSpecFactory
{
    public static ContainerSpec Build(
        PodContext context, V1Container container, ContainerKind kind, int attempt, ContainerEnvironment environment,
        IReadOnlyList<MountSpec> mounts, NetworkMode network, string terminationMessageFile)
    {
        var pod = context.Pod;
        var security = container.SecurityContext;
        var podSecurity = pod.Spec.SecurityContext;
        var qos = QosClass.Of(pod.Spec);
        var own = network is NetworkMode.Own o ? o : null;
        return new()
        {
            Name = Name(container.Name, pod, attempt),
            Image = container.Image,
            Command = Expanded(container.Command, environment),
            Args = Expanded(container.Args, environment),
            WorkingDirectory = container.WorkingDir,
            Environment = WithHostName(environment.Variables, HostName(pod)),
            Labels = Labels(pod, container.Name, kind, attempt, SpecHash(container), context.PodAddresses, terminationMessageFile),
            Mounts = mounts,
            Network = network,
            Hostname = own is null ? null : HostName(pod),
            CpuShares = ResourceAmounts.CpuShares(container.Resources),
            CpuLimitMillis = ResourceAmounts.CpuLimitMillis(container.Resources),
            MemoryLimitBytes = ResourceAmounts.MemoryLimitBytes(container.Resources),
            OomScoreAdj = QosClass.OomScoreAdj(
                qos, ResourceAmounts.Find(container.Resources?.Requests, "memory") ?? 0, (long)context.AllocatableMemory),
            User = User(security, podSecurity),
            Privileged = security?.Privileged == true,
            ReadOnlyRootFilesystem = security?.ReadOnlyRootFilesystem == true,
            NoNewPrivileges = security?.AllowPrivilegeEscalation == false,
            AddCapabilities = [.. security?.Capabilities?.Add ?? []],
            DropCapabilities = [.. security?.Capabilities?.Drop ?? []],
            Tty = container.Tty == true,
            Stdin = container.Stdin == true,
            StdinOnce = container.StdinOnce == true,
            Sysctls = own is null || podSecurity?.Sysctls is null
                ? new Dictionary<string, string>()
                : podSecurity.Sysctls.ToDictionary(s => s.Name, s => s.Value),
            ShareHostPid = pod.Spec.HostPID == true,
            ShareHostIpc = pod.Spec.HostIPC == true,
        };
    }

    /// <summary>The container that holds the namespace of a pod of several.</summary>
    public static ContainerSpec Sandbox(PodContext context, int attempt, string image, NetworkMode network) => new()
    {
        Name = Name(ContainerLabels.SandboxName, context.Pod, attempt),
        Image = image,
        Labels = Labels(context.Pod, ContainerLabels.SandboxName, null, attempt, "", context.PodAddresses, ""),
        Network = network,
        Hostname = HostName(context.Pod),
        Sysctls = context.Pod.Spec.SecurityContext?.Sysctls?.ToDictionary(s => s.Name, s => s.Value) ?? new Dictionary<string, string>(),
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

    public static string HostName(V1Pod pod)
    {
        const int longest = 63;
        var name = string.IsNullOrEmpty(pod.Spec.Hostname) ? pod.Metadata.Name : pod.Spec.Hostname;
        return name.Length <= longest ? name : name[..longest].TrimEnd('-', '.');
    }

    private static List<string>? Expanded(IList<string>? words, ContainerEnvironment environment) =>
        words is { Count: > 0 } ? [.. words.Select(environment.Expand)] : null;

    /// <summary>Containers that join a sandbox would otherwise get the sandbox's variable.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> WithHostName(IReadOnlyList<KeyValuePair<string, string>> variables, string name) =>
        variables.Any(v => v.Key == "HOSTNAME") ? variables : [.. variables, new("HOSTNAME", name)];

    private static string? User(V1SecurityContext? container, V1PodSecurityContext? pod)
    {
        var user = container?.RunAsUser ?? pod?.RunAsUser;
        var group = container?.RunAsGroup ?? pod?.RunAsGroup;
        return (user, group) switch
        {
            (null, null) => null,
            (null, { } g) => $"0:{g}",
            ({ } u, null) => $"{u}",
            ({ } u, { } g) => $"{u}:{g}",
        };
    }

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
