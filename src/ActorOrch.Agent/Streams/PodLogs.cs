using ActorOrch.Agent.Nodes;
using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Pods.Containers;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Resources;
using k8s.Models;

namespace ActorOrch.Agent.Streams;

/// <summary>The logs of the pods on this machine, straight from the runtime.</summary>
internal sealed class PodLogs(IContainerRuntime runtime, PodIndex pods)
{
    public async Task CopyAsync(PodLogRequest request, Stream destination, CancellationToken cancel)
    {
        var pod = pods.Find(request.PodUid) ?? throw ApiException.NotFound(BuiltIn.Pods, request.Pod.Name);
        if (!pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).Any(c => c.Name == request.Container))
            throw ApiException.BadRequest($"container {request.Container} is not valid for pod {request.Pod.Name}");
        var found = await runtime.ListPodAsync(request.PodUid, cancel).ConfigureAwait(false);
        var instances = found
            .Where(c => c.Labels.GetValueOrDefault(ContainerLabels.ContainerName) == request.Container && c.Phase != ContainerPhase.Created)
            .OrderByDescending(c => Adoption.Attempt(c.Labels)).ToArray();
        var chosen = request.Previous ? Previous(pod, instances) : instances.FirstOrDefault();
        if (chosen is null) throw request.Previous ? NoPrevious(request) : Waiting(request, WaitingReason(pods.Status(request.PodUid), request.Container));
        await runtime.CopyLogsAsync(chosen.Id, new(request.Follow, request.Timestamps, request.TailLines, request.Since, request.LimitBytes), destination, cancel)
            .ConfigureAwait(false);
    }

    internal static ApiException NoPrevious(PodLogRequest request) =>
        ApiException.BadRequest($"previous terminated container \"{request.Container}\" in pod \"{request.Pod.Name}\" not found");

    /// <param name="reason">Of the container's <c>state.waiting</c>.</param>
    internal static ApiException Waiting(PodLogRequest request, string? reason)
    {
        var why = reason switch
        {
            ImagePuller.ErrImagePull => "image can't be pulled",
            ImagePuller.ImagePullBackOff => "trying and failing to pull image",
            { } other => other,
            null => "ContainerCreating",
        };
        return ApiException.BadRequest($"container \"{request.Container}\" in pod \"{request.Pod.Name}\" is waiting to start: {why}");
    }

    /// <summary>The instance that <c>lastState</c> shows: of a container that waits for its restart that is the newest.</summary>
    private static ContainerState? Previous(V1Pod pod, ContainerState[] instances)
    {
        if (instances.Length == 0) return null;
        var waitsForRestart = instances[0].Phase == ContainerPhase.Exited && (pod.Spec.RestartPolicy ?? "Always") == "Always";
        return waitsForRestart ? instances[0] : instances.ElementAtOrDefault(1);
    }

    private static string? WaitingReason(V1PodStatus? status, string container) =>
        (status?.ContainerStatuses ?? []).Concat(status?.InitContainerStatuses ?? []).FirstOrDefault(s => s.Name == container)?.State?.Waiting?.Reason;
}
