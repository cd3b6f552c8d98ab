using ActorOrch.Resources;

namespace ActorOrch.Controllers.Nodes;

/// <summary>What <c>GET …/pods/NAME/log</c> asks for, after the API has checked it.</summary>
/// <param name="Previous">The container's last terminated instance instead of the current one.</param>
public sealed record PodLogRequest(
    ObjectKey Pod, string PodUid, string Container, bool Previous, bool Follow, bool Timestamps, long? TailLines, DateTimeOffset? Since, long? LimitBytes);

/// <summary>The bulk bytes of a node: they go straight between the gateway and the node's agent, not through actors.</summary>
public interface INodeStreams
{
    /// <summary>
    /// Writes a container's log to <paramref name="destination"/>; with Follow, until the container ends or the caller cancels.
    /// Throws <see cref="ApiException"/> (400: container still waiting or unknown; 404: no such pod here) before the first byte is written.
    /// </summary>
    Task CopyLogsAsync(PodLogRequest request, Stream destination, CancellationToken cancel);
}

/// <summary>Finds the streams of a node, in this process or on another machine.</summary>
public interface INodeStreamsLocator
{
    /// <summary>Null where no agent of that node is known.</summary>
    INodeStreams? Find(string nodeName);
}
