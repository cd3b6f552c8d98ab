using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>What a pod calls itself. Pure.</summary>
internal static class HostNames
{
    private const int LongestLabel = 63;

    /// <summary>The name by which its own hosts file knows it: <c>spec.hostname</c>, else its name, cut to a label's length.</summary>
    public static string Short(V1Pod pod)
    {
        var name = string.IsNullOrEmpty(pod.Spec.Hostname) ? pod.Metadata.Name : pod.Spec.Hostname;
        return name.Length <= LongestLabel ? name : name[..LongestLabel].TrimEnd('-', '.');
    }

    /// <summary>What <c>hostname</c> prints: the short name, the whole one (<c>setHostnameAsFQDN</c>), or another (<c>hostnameOverride</c>).</summary>
    public static string InKernel(V1Pod pod)
    {
        if (!string.IsNullOrEmpty(pod.Spec.HostnameOverride)) return pod.Spec.HostnameOverride;
        return pod.Spec.SetHostnameAsFQDN == true && !string.IsNullOrEmpty(pod.Spec.Subdomain) ? Full(pod) : Short(pod);
    }

    /// <summary>With the domain that <c>spec.subdomain</c> names.</summary>
    public static string Full(V1Pod pod) => $"{Short(pod)}.{pod.Spec.Subdomain}.{pod.Metadata.NamespaceProperty}.svc.cluster.local";
}
