using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Simulated;
using ActorOrch.Contracts.Streams;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Agent.Streams;

/// <summary>
/// The streams of pods that are simulated by their status alone: a container writes one line, when it starts, and runs the commands of
/// <see cref="SimulatedCommand"/>; nothing listens on its ports.
/// </summary>
internal sealed class SimulatedPodStreams : INodeStreams
{
    private readonly ConcurrentDictionary<string, SimulatedLog> _logs = new();

    private sealed record SimulatedLog(V1PodStatus Status, TaskCompletionSource Ended);

    /// <summary>A pod has this status from now on.</summary>
    /// <param name="ended">Nothing of it runs any more: whoever follows its logs has seen all.</param>
    public void Show(string podUid, V1PodStatus status, bool ended)
    {
        var log = _logs.AddOrUpdate(
            podUid, _ => new(status, new(TaskCreationOptions.RunContinuationsAsynchronously)), (_, known) => known with { Status = status });
        if (ended) log.Ended.TrySetResult();
    }

    public void Forget(string podUid)
    {
        if (_logs.TryRemove(podUid, out var log)) log.Ended.TrySetResult();
    }

    /// <inheritdoc/>
    public async Task CopyLogsAsync(PodLogRequest request, Stream destination, CancellationToken cancel)
    {
        var log = _logs.GetValueOrDefault(request.PodUid);
        var state = (log?.Status.ContainerStatuses ?? []).Concat(log?.Status.InitContainerStatuses ?? []).FirstOrDefault(s => s.Name == request.Container)?.State;
        if (request.Previous) throw ContainerLogs.NoPrevious(request.Pod.Name, request.Container);
        if (log is null || (state?.Running?.StartedAt ?? state?.Terminated?.StartedAt) is not { } startedAt)
            throw ContainerLogs.Waiting(null, log?.Status, request.Pod.Name, request.Container);
        if (request.TailLines != 0 && !(request.Since > startedAt))
        {
            var time = request.Timestamps ? startedAt.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) + " " : "";
            var line = Encoding.UTF8.GetBytes($"{time}{request.Container} started\n");
            await destination.WriteAsync(line.AsMemory(0, (int)Math.Min(line.Length, request.LimitBytes ?? line.Length)), cancel).ConfigureAwait(false);
            await destination.FlushAsync(cancel).ConfigureAwait(false);
        }
        if (request.Follow) await log.Ended.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IPodCommand> FindCommandAsync(PodCommandRequest request, CancellationToken cancel)
    {
        var log = _logs.GetValueOrDefault(request.PodUid);
        if (log?.Status.ContainerStatuses?.FirstOrDefault(s => s.Name == request.Container)?.State?.Running is null) throw PodCommands.NotRunning(request.Container);
        return Task.FromResult<IPodCommand>(new Command(request, log.Ended.Task));
    }

    /// <inheritdoc/>
    public Task<IPodPorts> FindPortsAsync(ObjectKey pod, string podUid, CancellationToken cancel) => Task.FromResult<IPodPorts>(new Ports());

    private sealed class Command(PodCommandRequest request, Task podEnded) : IPodCommand
    {
        public async Task<int> RunAsync(CommandStreams streams, CancellationToken cancel)
        {
            if (request.Command is { } command) return await SimulatedCommand.RunAsync(command, streams, cancel).ConfigureAwait(false);
            await podEnded.WaitAsync(cancel).ConfigureAwait(false);
            return 0;
        }
    }

    private sealed class Ports : IPodPorts
    {
        public Task ForwardAsync(int port, Stream fromClient, Stream toClient, CancellationToken cancel) =>
            Task.FromException(new PodStreamException(PodDial.Refused(port)));
    }
}
