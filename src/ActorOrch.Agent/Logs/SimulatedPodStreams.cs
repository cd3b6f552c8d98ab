using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ActorOrch.Controllers.Nodes;
using k8s.Models;

namespace ActorOrch.Agent.Logs;

/// <summary>The logs of pods that are simulated by their status alone: a container writes one line, when it starts.</summary>
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
        if (request.Previous) throw PodStreams.NoPrevious(request);
        if (log is null || (state?.Running?.StartedAt ?? state?.Terminated?.StartedAt) is not { } startedAt)
            throw PodStreams.Waiting(request, state?.Waiting?.Reason);
        if (request.TailLines != 0 && !(request.Since > startedAt))
        {
            var time = request.Timestamps ? startedAt.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) + " " : "";
            var line = Encoding.UTF8.GetBytes($"{time}{request.Container} started\n");
            await destination.WriteAsync(line.AsMemory(0, (int)Math.Min(line.Length, request.LimitBytes ?? line.Length)), cancel).ConfigureAwait(false);
            await destination.FlushAsync(cancel).ConfigureAwait(false);
        }
        if (request.Follow) await log.Ended.Task.WaitAsync(cancel).ConfigureAwait(false);
    }
}
