using System.Net.Sockets;
using ActorOrch.Resources.Addressing;
using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>A pod as an endpoint of a service (discovery.k8s.io/v1 Endpoint), in one family.</summary>
public static class PodEndpoint
{
    /// <summary>Whether the pod is an endpoint at all: it has an address and has not ended. Terminating pods are, with the condition saying so.</summary>
    public static bool IsEndpoint(V1Pod pod) =>
        pod.Status is { Phase: not ("Succeeded" or "Failed") } status && !string.IsNullOrEmpty(status.PodIP);

    public static bool IsReady(V1Pod pod)
    {
        foreach (var condition in pod.Status?.Conditions ?? [])
            if (condition.Type == "Ready") return condition.Status == "True";
        return false;
    }

    public static bool PublishesNotReady(V1Service service) =>
        service.Spec.PublishNotReadyAddresses == true
        || service.Metadata.Annotations?.TryGetValue("service.alpha.kubernetes.io/tolerate-unready-endpoints", out var tolerate) == true && tolerate == "true";

    /// <summary>The pod's address of a family, or null.</summary>
    public static string? AddressOf(V1Pod pod, string addressType)
    {
        foreach (var candidate in pod.Status.PodIPs ?? [])
            if (Is(candidate.Ip, addressType)) return candidate.Ip;
        return Is(pod.Status.PodIP, addressType) ? pod.Status.PodIP : null;
    }

    public static V1Endpoint Of(V1Pod pod, string address, V1Service service, Func<string, string?> zoneOf)
    {
        var serving = IsReady(pod);
        var terminating = pod.Metadata.DeletionTimestamp is not null;
        var node = string.IsNullOrEmpty(pod.Spec.NodeName) ? null : pod.Spec.NodeName;
        return new()
        {
            Addresses = [address],
            Conditions = new()
            {
                Ready = PublishesNotReady(service) || (serving && !terminating),
                Serving = serving,
                Terminating = terminating,
            },
            Hostname = HostnameFor(pod, service),
            NodeName = node,
            Zone = node is null ? null : zoneOf(node),
            TargetRef = Reference(pod),
        };
    }

    /// <summary>The pod's hostname where it asks for a name under this service (spec.hostname, spec.subdomain).</summary>
    public static string? HostnameFor(V1Pod pod, V1Service service) =>
        !string.IsNullOrEmpty(pod.Spec.Hostname) && pod.Spec.Subdomain == service.Metadata.Name ? pod.Spec.Hostname : null;

    public static V1ObjectReference Reference(V1Pod pod) => new()
    {
        Kind = "Pod",
        NamespaceProperty = pod.Metadata.NamespaceProperty,
        Name = pod.Metadata.Name,
        Uid = pod.Metadata.Uid,
    };

    /// <summary>The number of a service port on this pod; null where it is named and the pod has no such port.</summary>
    public static int? TargetPort(V1Pod pod, V1ServicePort port)
    {
        if (port.TargetPort?.Value is not { Length: > 0 } target) return port.Port;
        if (int.TryParse(target, out var number)) return number;
        foreach (var container in pod.Spec.Containers)
            if (Find(container) is { } found) return found;
        foreach (var container in pod.Spec.InitContainers ?? [])
            if (container.RestartPolicy == "Always" && Find(container) is { } found) return found;
        return null;

        int? Find(V1Container container)
        {
            foreach (var candidate in container.Ports ?? [])
                if (candidate.Name == target && (candidate.Protocol ?? "TCP") == (port.Protocol ?? "TCP")) return candidate.ContainerPort;
            return null;
        }
    }

    private static bool Is(string? text, string addressType) =>
        NetworkAddress.TryParse(text, out var address) && address is { IsUnicast: true, IsMapped: false }
        && (addressType == "IPv6") == (address.Family == AddressFamily.InterNetworkV6);
}
