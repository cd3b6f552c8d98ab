using System.Globalization;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Agent.Nodes;

/// <summary>Writes the <c>v1 Node</c> of an agent. Pure.</summary>
internal static class NodeDescription
{
    public static string KubeletVersion => KubernetesVersion.Text;

    public static V1Node Write(AgentOptions options, RuntimeInfo runtime, MachineFacts machine, DateTimeOffset now)
    {
        var labels = new Dictionary<string, string>(options.Labels)
        {
            ["kubernetes.io/hostname"] = options.NodeName,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = Architecture(runtime.Architecture),
            ["beta.kubernetes.io/os"] = "linux",
            ["beta.kubernetes.io/arch"] = Architecture(runtime.Architecture),
        };
        string[] ranges = [.. new[] { options.PodNetwork.Subnet4, options.PodNetwork.Subnet6 }.OfType<string>()];
        var capacity = Resources(runtime.Cpus * 1000L, runtime.MemoryBytes, options, machine);
        return new()
        {
            ApiVersion = "v1",
            Kind = "Node",
            Metadata = new() { Name = options.NodeName, Labels = labels },
            Spec = new() { PodCIDR = ranges.FirstOrDefault(), PodCIDRs = ranges },
            Status = new()
            {
                Capacity = capacity,
                Allocatable = Resources(runtime.Cpus * 1000L - options.ReservedCpuMillis, runtime.MemoryBytes - options.ReservedMemoryBytes, options, machine),
                Addresses = [.. options.HostAddresses.Select(a => new V1NodeAddress { Type = "InternalIP", Address = a }), new() { Type = "Hostname", Address = options.NodeName }],
                NodeInfo = new()
                {
                    MachineID = machine.MachineId,
                    SystemUUID = machine.MachineId,
                    BootID = machine.BootId,
                    KernelVersion = runtime.KernelVersion,
                    OsImage = runtime.OperatingSystem,
                    OperatingSystem = "linux",
                    Architecture = Architecture(runtime.Architecture),
                    ContainerRuntimeVersion = runtime.Version,
                    KubeletVersion = KubeletVersion,
                    KubeProxyVersion = KubeletVersion,
                },
                DaemonEndpoints = new() { KubeletEndpoint = new() { Port = 0 } },
                Conditions = Conditions(engineUp: true, now),
            },
        };
    }

    /// <summary>The conditions that the agent sees; whether it is heard is for the control plane to say.</summary>
    public static List<V1NodeCondition> Conditions(bool engineUp, DateTimeOffset now, string? storeProblem = null)
    {
        var time = now.UtcDateTime;
        return
        [
            Condition("MemoryPressure", false, "KubeletHasSufficientMemory", "kubelet has sufficient memory available", time),
            Condition("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure", time),
            Condition("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available", time),
            storeProblem is not null ? Condition("Ready", false, "StoreMismatch", storeProblem, time)
                : engineUp
                ? Condition("Ready", true, "KubeletReady", "kubelet is posting ready status", time)
                : Condition("Ready", false, "KubeletNotReady", "container runtime is down", time),
        ];
    }

    private static V1NodeCondition Condition(string type, bool status, string reason, string message, DateTime time) => new()
    {
        Type = type,
        Status = status ? "True" : "False",
        Reason = reason,
        Message = message,
        LastHeartbeatTime = time,
        LastTransitionTime = time,
    };

    private static Dictionary<string, ResourceQuantity> Resources(long cpuMillis, long memoryBytes, AgentOptions options, MachineFacts machine) => new()
    {
        ["cpu"] = new(cpuMillis % 1000 == 0 ? Text(cpuMillis / 1000) : Text(cpuMillis) + "m"),
        ["memory"] = new(Text(memoryBytes / 1024) + "Ki"),
        ["ephemeral-storage"] = new(Text(machine.DiskBytes / 1024) + "Ki"),
        ["pods"] = new(Text(options.MaxPods)),
        ["hugepages-1Gi"] = new("0"),
        ["hugepages-2Mi"] = new("0"),
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Go's name of an architecture, which images and node selectors use.</summary>
    private static string Architecture(string name) => name switch
    {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        _ => name,
    };
}

/// <summary>What the agent reads about the machine itself.</summary>
public sealed record MachineFacts(string MachineId, string BootId, long DiskBytes)
{
    /// <summary>Reads /etc/machine-id, /proc and the size of the disk under <paramref name="dataDirectory"/>.</summary>
    public static MachineFacts Read(string dataDirectory)
    {
        var disk = new DriveInfo(Path.GetFullPath(dataDirectory));
        return new(Text("/etc/machine-id"), Text("/proc/sys/kernel/random/boot_id"), disk.TotalSize);
    }

    private static string Text(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "";
}
