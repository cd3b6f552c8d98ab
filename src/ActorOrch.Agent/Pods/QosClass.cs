using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary><c>status.qosClass</c>: how a pod ranks when memory runs out.</summary>
internal static class QosClass
{
    public const string Guaranteed = "Guaranteed";
    public const string Burstable = "Burstable";
    public const string BestEffort = "BestEffort";

    public static string Of(V1PodSpec spec)
    {
        var any = false;
        var guaranteed = true;
        foreach (var container in spec.Containers.Concat(spec.InitContainers ?? []))
        {
            foreach (var resource in (string[])["cpu", "memory"])
            {
                var request = ResourceAmounts.Find(container.Resources?.Requests, resource);
                var limit = ResourceAmounts.Find(container.Resources?.Limits, resource);
                any |= request > 0 || limit > 0;
                guaranteed &= limit > 0 && (request is null || request == limit);
            }
        }
        return !any ? BestEffort : guaranteed ? Guaranteed : Burstable;
    }

    /// <summary>
    /// The kernel's preference for killing the process: as upstream, but never below what a process without CAP_SYS_RESOURCE may set,
    /// since the container could not start.
    /// </summary>
    public static int OomScoreAdj(string qosClass, decimal memoryRequest, long machineMemory) => qosClass switch
    {
        Guaranteed => 0,
        BestEffort => 1000,
        _ => (int)Math.Clamp(1000 - (1000 * memoryRequest / Math.Max(1, machineMemory)), 2, 999),
    };
}
