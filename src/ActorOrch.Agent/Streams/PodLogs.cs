using ActorOrch.Agent.Nodes;
using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Agent.Streams;

/// <summary>The logs of the pods on this machine, straight from the runtime.</summary>
internal sealed class PodLogs(IContainerRuntime runtime, PodIndex pods)
{
    public async Task CopyAsync(PodLogRequest request, Stream destination, CancellationToken cancel)
    {
        var pod = pods.Find(request.PodUid) ?? throw ApiException.NotFound(BuiltIn.Pods, request.Pod.Name);
        if (!pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).Any(c => c.Name == request.Container))
            throw ApiException.BadRequest($"container {request.Container} is not valid for pod {request.Pod.Name}");
        var status = pods.Status(request.PodUid);
        var id = ContainerLogs.Choose(status, request.Pod.Name, request.Container, request.Previous)
            ?? await RunningAsync(request, cancel).ConfigureAwait(false)
            ?? throw ContainerLogs.Waiting(pod, status, request.Pod.Name, request.Container);
        try
        {
            await runtime.CopyLogsAsync(id, new(request.Follow, request.Timestamps, request.TailLines, request.Since, request.LimitBytes), destination, cancel)
                .ConfigureAwait(false);
        }
        catch (ContainerGoneException)
        {
            // As upstream's words, which are about a container that it knows and the runtime does not any more.
            throw ApiException.BadRequest($"unable to retrieve container logs for docker://{id}");
        }
        catch (RuntimeUnavailableException failure)
        {
            throw ApiException.Unavailable(failure.Message);
        }
    }

    /// <summary>One that has started and whose pod does not say so yet: its postStart hook may take a while.</summary>
    private async Task<string?> RunningAsync(PodLogRequest request, CancellationToken cancel) =>
        (await PodCommands.ListAsync(runtime, request.PodUid, cancel).ConfigureAwait(false))
            .Where(c => c.Phase == ContainerPhase.Running && c.Labels.GetValueOrDefault(ContainerLabels.ContainerName) == request.Container)
            .MaxBy(c => Adoption.Attempt(c.Labels))?.Id;
}
