using ActorOrch.Agent.Nodes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Agent.Streams;

/// <summary>The streams of the pods on this machine, straight from the runtime.</summary>
internal sealed class PodStreams(IContainerRuntime runtime, PodIndex pods) : INodeStreams
{
    private readonly PodLogs _logs = new(runtime, pods);
    private readonly PodCommands _commands = new(runtime, pods);

    /// <inheritdoc/>
    public Task CopyLogsAsync(PodLogRequest request, Stream destination, CancellationToken cancel) => _logs.CopyAsync(request, destination, cancel);

    /// <inheritdoc/>
    public Task<IPodCommand> FindCommandAsync(PodCommandRequest request, CancellationToken cancel) => _commands.FindAsync(request, cancel);

    /// <inheritdoc/>
    public Task<IPodPorts> FindPortsAsync(ObjectKey pod, string podUid, CancellationToken cancel) =>
        PodPorts.FindAsync(runtime, pods, pod, podUid, cancel);
}
