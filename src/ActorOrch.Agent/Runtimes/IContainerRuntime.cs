using ActorOrch.Contracts.Streams;

namespace ActorOrch.Agent.Runtimes;

/// <summary>
/// What starts containers. Docker and Simulated implement it and pass the same test kit.
/// Calls are independent and may run in parallel; a container's name is unique, so a repeated create answers with the one that is there.
/// Each call ends: what the runtime has not answered in time throws <see cref="RuntimeUnavailableException"/>; of streams, that is their opening.
/// </summary>
public interface IContainerRuntime : IAsyncDisposable
{
    /// <summary>Answers where the runtime does: soon, or throws <see cref="RuntimeUnavailableException"/> as soon.</summary>
    Task PingAsync(CancellationToken cancel);

    /// <summary>For <c>status.nodeInfo.containerRuntimeVersion</c>, e.g. <c>docker://20.10.24</c>. Throws <see cref="RuntimeUnavailableException"/>.</summary>
    Task<RuntimeInfo> InfoAsync(CancellationToken cancel);

    /// <summary>Whether the image is present locally; its id, or null. Throws <see cref="ImageInspectException"/> with the engine's words.</summary>
    Task<ImageInfo?> FindImageAsync(string image, CancellationToken cancel);

    /// <summary>Pulls. Throws <see cref="ImagePullException"/> with the engine's words.</summary>
    Task<ImageInfo> PullImageAsync(string image, CancellationToken cancel);

    /// <summary>Makes the pod network and whatever image the sandbox holder needs, unless they are there.</summary>
    Task PrepareAsync(PodNetworkSpec network, CancellationToken cancel);

    /// <summary>Creates, without starting. Returns the container's id.</summary>
    Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel);

    /// <summary>Starts; returns once the process runs. Throws <see cref="ContainerStartException"/>.</summary>
    Task StartAsync(string containerId, CancellationToken cancel);

    /// <summary>TERM (or the image's stop signal), then KILL after the grace period. Returns when the process has ended. No container: no error.</summary>
    Task StopAsync(string containerId, TimeSpan grace, CancellationToken cancel);

    /// <summary>Removes, killing where it runs. No container: no error.</summary>
    Task RemoveAsync(string containerId, CancellationToken cancel);

    Task<ContainerState?> InspectAsync(string containerId, CancellationToken cancel);

    /// <summary>What a container has written to its own file system and its log, in bytes on the disk; null where there is no such container.</summary>
    Task<long?> WrittenBytesAsync(string containerId, CancellationToken cancel);

    /// <summary>All containers of this node, running or not, by their labels: what an agent adopts when it starts.</summary>
    Task<IReadOnlyList<ContainerState>> ListAsync(CancellationToken cancel);

    /// <summary>
    /// Addresses of the pod network that running containers of other nodes or clusters on the same engine have: not to be given to anyone else.
    /// </summary>
    Task<IReadOnlyList<string>> AddressesOfOthersAsync(CancellationToken cancel);

    /// <summary>The containers of one pod, running or not.</summary>
    Task<IReadOnlyList<ContainerState>> ListPodAsync(string podUid, CancellationToken cancel);

    /// <summary>
    /// Runs a command inside; the exit code and the first bytes of its output. One that takes too long, or is cancelled, is killed with all that
    /// it has begun before this throws <see cref="TimeoutException"/> or <see cref="OperationCanceledException"/>.
    /// </summary>
    Task<ExecResult> ExecAsync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel);

    /// <summary>
    /// Runs a command inside, joined to the caller's streams, until it has ended and its output was passed on; its exit code. A command that
    /// cannot be started has an exit code too (126, 127) and the engine's words as its output. Cancelled, the command is ended: hung up on
    /// where it has a terminal, else TERM, and KILL where that is not enough. Throws <see cref="ContainerStartException"/> where the container
    /// takes no commands.
    /// </summary>
    Task<int> ExecAsync(string containerId, IReadOnlyList<string> command, CommandStreams streams, CancellationToken cancel);

    /// <summary>
    /// Joins the container's own process and the caller's streams until the process has ended. The end of the caller's input ends the process's
    /// only where <see cref="ContainerSpec.StdinOnce"/> says so. Cancelled, the process is left alone.
    /// </summary>
    Task AttachAsync(string containerId, CommandStreams streams, CancellationToken cancel);

    /// <summary>
    /// One connection to a port of a running container's network, as a client inside would open it to localhost. Half-closes are passed on;
    /// <paramref name="toClient"/> is disposed when all was sent. Throws <see cref="ContainerStartException"/> where nothing answers.
    /// </summary>
    Task ForwardAsync(ContainerState container, int port, Stream fromClient, Stream toClient, CancellationToken cancel);

    /// <summary>
    /// The container's output as it was written, stdout and stderr interleaved, in the API's log format. One that never ran has none. Throws
    /// <see cref="ContainerGoneException"/> where there is no such container, or it is being removed.
    /// </summary>
    Task CopyLogsAsync(string containerId, LogRequest request, Stream destination, CancellationToken cancel);

    /// <summary>The engine's events from <paramref name="since"/> on, for containers of this node. Ends with an exception when the engine goes away.</summary>
    IAsyncEnumerable<ContainerEvent> EventsAsync(DateTimeOffset since, CancellationToken cancel);
}

/// <param name="Version">With scheme: <c>docker://20.10.24</c>.</param>
public sealed record RuntimeInfo(string Version, string OperatingSystem, string Architecture, string KernelVersion, int Cpus, long MemoryBytes)
{
    /// <summary>This process is root on the engine's own machine, not in a container beside it: it sees the same mounts, processes and devices.</summary>
    public bool SharesMachine { get; init; }

    /// <summary>What this process mounts in the agent's directory is there for the engine, too.</summary>
    public bool SharesMounts { get; init; }

    public RuntimeIsolation Isolation { get; init; } = new();
}

public sealed record ImageInfo(string Id, string Reference, long SizeBytes, string? User = null);

/// <summary>The bridge that the node's pods share. Either family may be absent.</summary>
/// <param name="Name">The engine's network name.</param>
/// <param name="Subnet4">CIDR, e.g. <c>10.244.0.0/24</c>.</param>
/// <param name="Subnet6">CIDR, e.g. <c>fd00:10:244::/64</c>.</param>
public sealed record PodNetworkSpec(string Name, string? Subnet4, string? Subnet6)
{
    /// <summary>The longest name of a network device in Linux (IFNAMSIZ less its end).</summary>
    private const int LongestDeviceName = 15;

    /// <summary>The device of the bridge.</summary>
    public string DeviceName => Name[..Math.Min(LongestDeviceName, Name.Length)];
}

/// <summary>Everything needed to create a container.</summary>
public sealed record ContainerSpec
{
    /// <summary><c>k8s_CONTAINER_POD_NAMESPACE_PODUID_ATTEMPT</c>.</summary>
    public required string Name { get; init; }
    public required string Image { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public IReadOnlyList<string>? Args { get; init; }
    public string? WorkingDirectory { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<MountSpec> Mounts { get; init; } = [];
    public required NetworkMode Network { get; init; }
    public string? Hostname { get; init; }

    /// <summary>Lines for <c>/etc/hosts</c>, as <c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>CPU shares (1024 = one CPU) from the request.</summary>
    public long? CpuShares { get; init; }

    /// <summary>CPU quota in millicores from the limit.</summary>
    public long? CpuLimitMillis { get; init; }
    public long? MemoryLimitBytes { get; init; }
    public int? OomScoreAdj { get; init; }
    public string? User { get; init; }
    public bool Privileged { get; init; }
    public bool ReadOnlyRootFilesystem { get; init; }

    /// <summary>No process in it can gain privileges that its parent lacks (<c>allowPrivilegeEscalation: false</c>).</summary>
    public bool NoNewPrivileges { get; init; }
    public IReadOnlyList<string> AddCapabilities { get; init; } = [];
    public IReadOnlyList<string> DropCapabilities { get; init; } = [];
    public bool Tty { get; init; }
    public bool Stdin { get; init; }

    /// <summary>Its input ends with the first caller's that attaches to it.</summary>
    public bool StdinOnce { get; init; }
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();
    public bool ShareHostPid { get; init; }
    public bool ShareHostIpc { get; init; }

    /// <summary>The container whose processes it sees and that sees its own: the pod's sandbox (<c>shareProcessNamespace</c>).</summary>
    public string? SharePidWith { get; init; }

    /// <summary>Root in it is root on the machine, even where the runtime would not do so by itself (<c>hostUsers: true</c>).</summary>
    public bool ShareHostUsers { get; init; }

    /// <summary>Groups of its processes beyond their main one.</summary>
    public IReadOnlyList<long> Groups { get; init; } = [];
    public SeccompFilter Seccomp { get; init; } = SeccompFilter.Default;

    /// <summary>The name of a profile that the machine has loaded, or <c>unconfined</c>; null for the runtime's default.</summary>
    public string? AppArmorProfile { get; init; }
    public SELinuxLabel? SELinux { get; init; }

    /// <summary>Nothing of <c>/proc</c> is hidden or read-only (<c>procMount: Unmasked</c>).</summary>
    public bool UnmaskedProc { get; init; }

    /// <summary>With <see cref="NetworkMode.Own"/> alone.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    /// <summary><c>SIGUSR1</c>; null for the image's.</summary>
    public string? StopSignal { get; init; }
}

/// <summary>Which network namespace a container gets.</summary>
public abstract record NetworkMode
{
    /// <summary>Its own, on the pod network, with these fixed addresses.</summary>
    public sealed record Own(string NetworkName, string? Address4, string? Address6) : NetworkMode;

    /// <summary>Another container's: the pod's sandbox.</summary>
    public sealed record Joined(string ContainerId) : NetworkMode;

    /// <summary>The machine's (<c>hostNetwork: true</c>).</summary>
    public sealed record Host : NetworkMode;
}

/// <summary>A bind mount.</summary>
public sealed record MountSpec(string HostPath, string ContainerPath, bool ReadOnly, string? Propagation = null);

public enum ContainerPhase
{
    Created,
    Running,
    Exited,
}

/// <summary>A container as the runtime sees it.</summary>
public sealed record ContainerState(
    string Id, string Name, ContainerPhase Phase, string Image, string ImageId, IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, int ExitCode, bool OomKilled, string? Error, int? Pid);

public sealed record ExecResult(int ExitCode, string Output);

/// <summary>What <c>kubectl logs</c> asks for.</summary>
public sealed record LogRequest(bool Follow, bool Timestamps, long? TailLines, DateTimeOffset? Since, long? LimitBytes);

public enum ContainerEventKind
{
    Started,
    Exited,
    OutOfMemory,
    Removed,
}

public sealed record ContainerEvent(ContainerEventKind Kind, string ContainerId, IReadOnlyDictionary<string, string> Labels, DateTimeOffset At, int? ExitCode);

/// <summary>The engine does not answer.</summary>
public sealed class RuntimeUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The pods' network cannot be made as it is asked for.</summary>
public sealed class PodNetworkException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Whether an image is there cannot be told.</summary>
public sealed class ImageInspectException(string message, Exception? inner = null) : Exception(message, inner);

public sealed class ImagePullException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>There is no such container any more.</summary>
public sealed class ContainerGoneException(string message, Exception? inner = null) : Exception(message, inner);

public sealed class ContainerStartException(string message, Exception? inner = null) : Exception(message, inner);
