using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Runtimes;

namespace ActorOrch.Agent;

/// <summary>What an agent must be told about the node it runs.</summary>
public sealed record AgentOptions
{
    public required string NodeName { get; init; }

    /// <summary>Volumes and termination messages live below it, in <c>pods/UID</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The node's own addresses: <c>status.hostIP</c> and <c>hostIPs</c>; the first is the main one.</summary>
    public required IReadOnlyList<string> HostAddresses { get; init; }

    public required PodNetworkSpec PodNetwork { get; init; }

    /// <summary>Labels of the Node beyond the well-known ones.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public int MaxPods { get; init; } = 110;

    /// <summary>What the node keeps for itself: <c>allocatable</c> is the capacity less this.</summary>
    public long ReservedCpuMillis { get; init; }
    public long ReservedMemoryBytes { get; init; }

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a silent engine is asked whether it is there.</summary>
    public TimeSpan EngineCheckInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a pod with limits of the disk is measured, at most; upstream's eviction manager does so every ten seconds, too.</summary>
    public TimeSpan StorageCheckInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long statuses are gathered before they are sent together.</summary>
    public TimeSpan StatusDelay { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Unacknowledged statuses are sent again after this.</summary>
    public TimeSpan StatusResendAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a stopping pod waits until no service sends it new connections.</summary>
    public TimeSpan DrainAtMost { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What <c>dnsPolicy: ClusterFirst</c> means; null: as <c>Default</c>, the machine's own name servers.</summary>
    public ClusterDns? Dns { get; init; }

    /// <summary>The machine's resolver configuration, which pods with <c>dnsPolicy: Default</c> get.</summary>
    public string HostResolvConf { get; init; } = "/etc/resolv.conf";

    /// <summary>Seccomp profiles of type Localhost lie below it; by default where the kubelet has them.</summary>
    public string SeccompProfiles { get; init; } = "/var/lib/kubelet/seccomp";

    /// <summary>Sysctls beyond the safe ones that pods may set; a name may end with <c>*</c>.</summary>
    public IReadOnlyCollection<string> AllowedUnsafeSysctls { get; init; } = [];

    /// <summary>Mints tokens for projected volumes; null where the cluster has none.</summary>
    public IServiceAccountTokens? Tokens { get; init; }
}

/// <summary>Issues the tokens that <c>serviceAccountToken</c> volume sources ask for.</summary>
public interface IServiceAccountTokens
{
    Task<string> IssueAsync(string @namespace, string serviceAccount, string podName, string podUid, string? audience, TimeSpan lifetime, CancellationToken cancel);
}
