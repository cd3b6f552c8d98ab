using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Gateway.Proxying;

/// <summary>Finds where the pod or service of a <c>proxy</c> request answers.</summary>
internal sealed class ProxyTargets(IRegistry registry, Random random)
{
    /// <summary>Throws 400 for a name that is none and a pod without an address that may be reached, 404 for an object that is not there, 503 where no one answers for it.</summary>
    public Task<ProxyTarget> FindAsync(ApiRequest request) => request.Type.FindSubresource(request.Info.Subresource) == Connection.PodProxy ? OfPodAsync(request) : OfServiceAsync(request);

    private async Task<ProxyTarget> OfPodAsync(ApiRequest request)
    {
        var asked = ProxyName.Parse(request.Info.Name, "pod");
        var pod = (await FindAsync(request, BuiltIn.Pods, asked.Name).ConfigureAwait(false)).As<V1Pod>();
        if (AddressOf(pod.Status?.PodIP) is not { } address) throw ApiException.BadRequest("address not allowed");
        if (asked.Port.Length == 0)
            return new(asked.Scheme, address, pod.Spec.Containers.SelectMany(c => c.Ports ?? []).FirstOrDefault()?.ContainerPort);
        var port = ProxyName.Number(asked.Port)
            ?? throw ApiException.Unreachable($"error trying to reach service: address tcp/{asked.Port}: unknown port");
        return new(asked.Scheme, address, port);
    }

    private async Task<ProxyTarget> OfServiceAsync(ApiRequest request)
    {
        var asked = ProxyName.Parse(request.Info.Name, "service");
        var service = (await FindAsync(request, BuiltIn.Services, asked.Name).ConfigureAwait(false)).As<V1Service>();
        var port = asked.Port;
        if (ProxyName.Number(port) is { } number)
        {
            var declared = service.Spec.Ports?.FirstOrDefault(p => p.Port == number)
                ?? throw ApiException.Unreachable($"no service port {number} found for service \"{asked.Name}\"");
            port = declared.Name ?? "";
        }
        var endpoints = (await FindAsync(request, BuiltIn.Endpoints, asked.Name).ConfigureAwait(false)).As<V1Endpoints>();
        var pods = await registry[BuiltIn.Pods].ReadConsistentAsync(request.Cancel).ConfigureAwait(false);
        var reachable = new List<ProxyTarget>();
        foreach (var subset in endpoints.Subsets ?? [])
            foreach (var candidate in subset.Ports ?? [])
                if ((candidate.Name ?? "") == port)
                    foreach (var endpoint in subset.Addresses ?? [])
                        if (AddressOf(endpoint.Ip) is { } address && IsOfPod(endpoint, request.Key.Namespace, pods))
                            reachable.Add(new(asked.Scheme, address, candidate.Port));
        if (reachable.Count == 0) throw ApiException.Unreachable($"no endpoints available for service \"{request.Info.Name}\"");
        return reachable[random.Next(reachable.Count)];
    }

    private async Task<StoredObject> FindAsync(ApiRequest request, ResourceType type, string name)
    {
        var snapshot = await registry[type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false);
        return snapshot.Get(new(request.Key.Namespace, name)) ?? throw ApiException.NotFound(type, name);
    }

    // As upstream: who may write endpoints may not thereby send the control plane anywhere, only to pods that say that they are there.
    private static bool IsOfPod(V1EndpointAddress endpoint, string @namespace, Snapshot pods) =>
        endpoint.TargetRef is { Name: { } name } target && target.NamespaceProperty == @namespace
        && pods.Get(new(@namespace, name)) is { } pod
        && pod.As<V1Pod>().Status is { } status
        && (status.PodIP == endpoint.Ip || (status.PodIPs ?? []).Any(a => a.Ip == endpoint.Ip));

    // What listens on the machine's own loopback or link is not the cluster's to hand out.
    private static NetworkAddress? AddressOf(string? text) =>
        NetworkAddress.TryParse(text, out var address) && address.IsUnicast ? address : null;
}
