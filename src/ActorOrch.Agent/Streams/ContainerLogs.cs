using ActorOrch.Agent.Pods.Containers;
using ActorOrch.Resources.Errors;
using k8s.Models;

namespace ActorOrch.Agent.Streams;

/// <summary>Which of a container's instances a request for its log means, by the pod's status and in upstream's words. Pure.</summary>
internal static class ContainerLogs
{
    private const string IdPrefix = "docker://";

    /// <summary>The instance's id; null where the container has never run. Throws <see cref="ApiException"/> where the previous one is asked for and there is none.</summary>
    public static string? Choose(V1PodStatus? status, string podName, string container, bool previous)
    {
        var known = Of(status, container);
        var last = Id(known?.LastState?.Terminated?.ContainerID);
        if (previous) return last ?? throw NoPrevious(podName, container);
        if (known?.State?.Running is not null) return Id(known.ContainerID);
        // Where the next one could not be made, what the one before has written is all there is.
        return Id(known?.State?.Terminated?.ContainerID) ?? last;
    }

    public static ApiException NoPrevious(string podName, string container) =>
        ApiException.BadRequest($"previous terminated container \"{container}\" in pod \"{podName}\" not found");

    /// <summary>There is nothing yet: why not.</summary>
    public static ApiException Waiting(V1Pod? pod, V1PodStatus? status, string podName, string container)
    {
        var known = Of(status, container);
        if (known?.State?.Terminated is not null) return ApiException.BadRequest($"container \"{container}\" in pod \"{podName}\" is terminated");
        if (known is null && status?.Phase is "Failed" or "Succeeded") return ApiException.BadRequest($"container \"{container}\" in pod \"{podName}\" is not available");
        var why = known?.State?.Waiting?.Reason switch
        {
            ImagePuller.ErrImagePull => "image can't be pulled",
            ImagePuller.ImagePullBackOff => "trying and failing to pull image",
            { Length: > 0 } other => other,
            _ => pod?.Spec.InitContainers is { Count: > 0 } ? "PodInitializing" : "ContainerCreating",
        };
        return ApiException.BadRequest($"container \"{container}\" in pod \"{podName}\" is waiting to start: {why}");
    }

    private static V1ContainerStatus? Of(V1PodStatus? status, string container) =>
        (status?.ContainerStatuses ?? []).Concat(status?.InitContainerStatuses ?? []).FirstOrDefault(s => s.Name == container);

    private static string? Id(string? containerId) =>
        containerId is { Length: > 0 } && containerId.StartsWith(IdPrefix, StringComparison.Ordinal) ? containerId[IdPrefix.Length..] : null;
}
