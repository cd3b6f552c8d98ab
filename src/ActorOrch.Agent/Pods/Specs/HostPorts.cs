using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>The ports of the machine that lead to a pod: those of its main containers and sidecars, as the scheduler counts them. Pure.</summary>
internal static class HostPorts
{
    /// <summary>None for a pod on the machine's own network, which needs no way there.</summary>
    public static IReadOnlyList<PortMapping> Of(V1PodSpec spec) => spec.HostNetwork == true
        ? []
        : [.. spec.Containers.Concat((spec.InitContainers ?? []).Where(c => c.RestartPolicy == "Always"))
            .SelectMany(c => c.Ports ?? [])
            .Where(p => p.HostPort > 0)
            .Select(p => new PortMapping(p.ContainerPort, (p.Protocol ?? "TCP").ToLowerInvariant(), p.HostIP ?? "", p.HostPort!.Value))];
}
