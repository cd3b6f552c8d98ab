using k8s.Models;

namespace ActorOrch.Agent.Pods.Statuses;

/// <summary>Writes the <c>v1 PodStatus</c> of a situation. Pure.</summary>
internal static class PodStatusWriter
{
    /// <param name="before">The status reported last, or the object's own: transition times are kept from it.</param>
    /// <param name="podAddresses">Empty until the pod has its network.</param>
    public static V1PodStatus Write(
        V1Pod pod, PodSituation situation, V1PodStatus? before, IReadOnlyList<string> podAddresses, IReadOnlyList<string> hostAddresses, DateTimeOffset now)
    {
        var phase = PodPhases.Of(situation, before?.Phase);
        var images = Images(pod);
        var status = new V1PodStatus
        {
            Phase = phase,
            Conditions = PodConditions.Write(pod, situation, phase, before?.Conditions, now),
            HostIP = hostAddresses.Count > 0 ? hostAddresses[0] : null,
            HostIPs = [.. hostAddresses.Select(a => new V1HostIP { Ip = a })],
            PodIP = podAddresses.Count > 0 ? podAddresses[0] : null,
            PodIPs = podAddresses.Count > 0 ? [.. podAddresses.Select(a => new V1PodIP { Ip = a })] : null,
            StartTime = before?.StartTime ?? ContainerStatuses.Seconds(now),
            QosClass = QosClass.Of(pod.Spec),
            NominatedNodeName = pod.Status?.NominatedNodeName,
        };
        if (phase == PodPhases.Failed && situation.Doom is { } doom)
            (status.Reason, status.Message) = (doom.Reason is { Length: > 0 } reason ? reason : null, doom.Message is { Length: > 0 } message ? message : null);
        if (situation.Rejected is { } rejected)
        {
            (status.Reason, status.Message) = (rejected.Reason, rejected.Message);
            return status;
        }
        foreach (var container in situation.Containers)
        {
            var written = ContainerStatuses.Write(pod, situation, container, images[container.Name], now);
            if (container.Kind == ContainerKind.Main) (status.ContainerStatuses ??= []).Add(written);
            else (status.InitContainerStatuses ??= []).Add(written);
        }
        return status;
    }

    private static Dictionary<string, string> Images(V1Pod pod)
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var container in pod.Spec.Containers) images[container.Name] = container.Image;
        foreach (var container in pod.Spec.InitContainers ?? []) images[container.Name] = container.Image;
        return images;
    }
}
