using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Isolation;

/// <summary>Why nothing of a pod runs on its node: <c>status.reason</c> and <c>status.message</c> of a Failed pod.</summary>
public sealed record Rejection(string Reason, string Message)
{
    /// <summary>The status of a pod that its node does not take, in the kubelet's words; the event has the message alone.</summary>
    public Rejection AsStatus() => this with { Message = $"Pod was rejected: {Message}" };
}

/// <summary>What a node checks before it takes a pod, in the kubelet's words: what it can never give, the pod never runs without. Pure.</summary>
internal static class PodAdmission
{
    /// <summary>Null where the pod may run here.</summary>
    public static Rejection? Check(V1Pod pod, RuntimeIsolation isolation, IReadOnlyCollection<string> allowedUnsafeSysctls)
    {
        if (pod.Spec.Os is { Name: not null and not "linux" })
            return new("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS");
        if (Sysctls.Forbidden(pod.Spec, allowedUnsafeSysctls) is { } forbidden) return new("SysctlForbidden", $"forbidden sysctl: {forbidden}");
        if (!isolation.AppArmor && AppArmor.IsRequired(pod)) return new("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host");
        if (NeedsGroupsOfItsOwn(pod))
            return new("SupplementalGroupsPolicyNotSupported", "SupplementalGroupsPolicy=Strict is not supported in this node, but with runAsUser and runAsGroup for every container");
        return null;
    }

    /// <summary>The engine leaves the image's groups out only where both user and group are given.</summary>
    private static bool NeedsGroupsOfItsOwn(V1Pod pod)
    {
        var security = pod.Spec.SecurityContext;
        if (security?.SupplementalGroupsPolicy != "Strict") return false;
        return pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).Any(c =>
            (c.SecurityContext?.RunAsUser ?? security.RunAsUser) is null || (c.SecurityContext?.RunAsGroup ?? security.RunAsGroup) is null);
    }
}
