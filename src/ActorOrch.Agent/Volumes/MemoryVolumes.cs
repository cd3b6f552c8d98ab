using ActorOrch.Resources.Numbers;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>How large an emptyDir in memory may become. Pure.</summary>
internal static class MemoryVolumes
{
    /// <summary>
    /// In bytes; 0 where the node's memory is not known: the kernel's own default then, half of the machine's. The smallest of the volume's limit, of
    /// what the pod's containers may have together, where each has a limit, and of the node's memory. A pod without limits of its own
    /// gets no more than half of that: what it writes is counted against nobody.
    /// </summary>
    /// <param name="nodeBytes">What the node has for pods.</param>
    public static long Size(V1Pod pod, V1Volume volume, decimal nodeBytes)
    {
        var node = Saturating.ToInt64(nodeBytes);
        if (node <= 0) return SizeLimit(volume);
        var most = LimitOf(pod) is { } limit ? Math.Min(limit, node) : node / 2;
        return SizeLimit(volume) is > 0 and var own ? Math.Min(own, most) : most;
    }

    /// <summary>In bytes; none is 0, so part of a byte is a whole one.</summary>
    public static long SizeLimit(V1Volume volume) =>
        (long)Math.Min(Math.Ceiling(volume.EmptyDir?.SizeLimit?.ToDecimal() ?? 0), long.MaxValue);

    /// <summary>Of all containers that run at the same time; null where one has none.</summary>
    private static long? LimitOf(V1Pod pod)
    {
        long sidecars = 0, most = 0;
        foreach (var container in pod.Spec.InitContainers ?? [])
        {
            if (MemoryOf(container) is not { } memory) return null;
            if (container.RestartPolicy == "Always") sidecars = Saturating.Add(sidecars, memory);
            most = Math.Max(most, container.RestartPolicy == "Always" ? sidecars : Saturating.Add(sidecars, memory));
        }
        var together = sidecars;
        foreach (var container in pod.Spec.Containers)
        {
            if (MemoryOf(container) is not { } memory) return null;
            together = Saturating.Add(together, memory);
        }
        return Math.Max(most, together);
    }

    private static long? MemoryOf(V1Container container) =>
        container.Resources?.Limits?.TryGetValue("memory", out var quantity) == true && quantity is not null && Saturating.ToInt64(Math.Ceiling(quantity.ToDecimal())) is > 0 and var bytes ? bytes : null;
}
