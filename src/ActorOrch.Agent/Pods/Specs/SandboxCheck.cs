using System.Globalization;
using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>
/// What keeps a pod from getting its sandbox as long as its node is as it is: it waits, and says for what. The kubelet tries the same again and
/// again; here it is looked at anew when the engine has been away. Pure.
/// </summary>
internal static class SandboxCheck
{
    private const int LongestHostName = 64;

    /// <summary>Null where nothing is in the way.</summary>
    public static string? Obstacle(V1Pod pod, RuntimeIsolation isolation)
    {
        if (pod.Spec.HostUsers == false && !isolation.UserNamespaces) return "can't set `spec.hostUsers: false`, runtime does not support user namespaces";
        var name = HostNames.InKernel(pod);
        if (name.Length > LongestHostName)
            return string.Create(CultureInfo.InvariantCulture,
                $"failed to construct FQDN from Pod hostname and cluster domain, FQDN {name} is too long ({LongestHostName} characters is the max, {name.Length} characters requested)");
        foreach (var volume in pod.Spec.Volumes ?? [])
            if (volume.EmptyDir?.Medium is { } medium && medium.StartsWith("HugePages", StringComparison.Ordinal))
                return $"MountVolume.SetUp failed for volume \"{volume.Name}\" : medium {medium} is not supported by this node";
        return null;
    }
}
