using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Contracts.Streams;

/// <summary>What <c>GET …/pods/NAME/log</c> asks for, after the API has checked it.</summary>
/// <param name="Previous">The container's last terminated instance instead of the current one.</param>
public sealed record PodLogRequest(
    ObjectKey Pod, string PodUid, string Container, bool Previous, bool Follow, bool Timestamps, long? TailLines, DateTimeOffset? Since, long? LimitBytes);

/// <summary>What <c>…/pods/NAME/exec</c> or <c>attach</c> asks for, after the API has checked it.</summary>
/// <param name="Command">Null to attach to the container's own process.</param>
public sealed record PodCommandRequest(ObjectKey Pod, string PodUid, string Container, IReadOnlyList<string>? Command);

/// <summary>The bulk bytes of a node: they go straight between the gateway and the node's agent, not through actors.</summary>
public interface INodeStreams
{
    /// <summary>
    /// Writes a container's log to <paramref name="destination"/>; with Follow, until the container ends or the caller cancels.
    /// Throws <see cref="ApiException"/> (400: container still waiting or unknown; 404: no such pod here) before the first byte is written.
    /// </summary>
    Task CopyLogsAsync(PodLogRequest request, Stream destination, CancellationToken cancel);

    /// <summary>
    /// Finds a running container; nothing is started yet. Throws <see cref="ApiException"/> (404: no such pod here; 500: its container does not run).
    /// </summary>
    Task<IPodCommand> FindCommandAsync(PodCommandRequest request, CancellationToken cancel);

    /// <summary>Finds a running pod; nothing is dialled yet. Throws <see cref="ApiException"/> (404: no such pod here; 500: nothing of it runs).</summary>
    Task<IPodPorts> FindPortsAsync(ObjectKey pod, string podUid, CancellationToken cancel);
}

/// <summary>A command about to be run in a container, or the container's own process about to be attached to.</summary>
public interface IPodCommand
{
    /// <summary>
    /// Joins the process and the caller's streams until the process has ended; its exit code (0 where it was only attached to). Cancelled, a
    /// command is ended, a container's own process is left alone. Throws <see cref="PodStreamException"/> where it could not be run.
    /// </summary>
    Task<int> RunAsync(CommandStreams streams, CancellationToken cancel);
}

/// <summary>The ports of a pod, seen from within: servers on its loopback address are reached too.</summary>
public interface IPodPorts
{
    /// <summary>
    /// One connection, until both directions have ended. The end of <paramref name="fromClient"/> is passed on while the answer still flows;
    /// <paramref name="toClient"/> is disposed as soon as the pod has sent all. Throws <see cref="PodStreamException"/> where nothing listens.
    /// </summary>
    Task ForwardAsync(int port, Stream fromClient, Stream toClient, CancellationToken cancel);
}

/// <summary>Finds the streams of a node, in this process or on another machine.</summary>
public interface INodeStreamsLocator
{
    /// <summary>Null where no agent of that node is known.</summary>
    INodeStreams? Find(string nodeName);
}
