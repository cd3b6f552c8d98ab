using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorOrch.Registry;
using ActorOrch.Resources;
using k8s.Models;

namespace ActorOrch.Gateway;

/// <summary>Finds where the pod or service of a <c>proxy</c> request answers.</summary>
internal sealed class ProxyTargets(IRegistry registry, Random random)
{
    /// <summary>Scheme, address and port. Throws 404 for an object that is not there and 503 where no one answers for it.</summary>
    public Task<Uri> FindAsync(ApiRequest request) => request.Type == BuiltIn.Pods ? OfPodAsync(request) : OfServiceAsync(request);

    private async Task<Uri> OfPodAsync(ApiRequest request)
    {
        var asked = ProxyName.Parse(request.Info.Name, "pod");
        var pod = (await FindAsync(request, BuiltIn.Pods, asked.Name).ConfigureAwait(false)).As<V1Pod>();
        var port = asked.Port.Length > 0
            ? asked.Port
            : pod.Spec.Containers.SelectMany(c => c.Ports ?? []).FirstOrDefault()?.ContainerPort.ToString(CultureInfo.InvariantCulture) ?? "";
        if (!MayBeReached(pod.Status?.PodIP)) throw ApiException.BadRequest("address not allowed");
        return Location(asked.Scheme, pod.Status!.PodIP, port);
    }

    private async Task<Uri> OfServiceAsync(ApiRequest request)
    {
        var asked = ProxyName.Parse(request.Info.Name, "service");
        var service = (await FindAsync(request, BuiltIn.Services, asked.Name).ConfigureAwait(false)).As<V1Service>();
        var port = asked.Port;
        if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var declared = service.Spec.Ports?.FirstOrDefault(p => p.Port == number)
                ?? throw ApiException.Unavailable($"no service port {number} found for service \"{asked.Name}\"");
            port = declared.Name ?? "";
        }
        var endpoints = (await FindAsync(request, BuiltIn.Endpoints, asked.Name).ConfigureAwait(false)).As<V1Endpoints>();
        var reachable = (endpoints.Subsets ?? [])
            .SelectMany(s => (s.Ports ?? []).Where(p => (p.Name ?? "") == port).SelectMany(p => (s.Addresses ?? []).Select(a => (a.Ip, p.Port))))
            .Where(e => MayBeReached(e.Ip)).ToArray();
        if (reachable.Length == 0) throw ApiException.Unavailable($"no endpoints available for service \"{request.Info.Name}\"");
        var chosen = reachable[random.Next(reachable.Length)];
        return Location(asked.Scheme, chosen.Ip, chosen.Port.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<StoredObject> FindAsync(ApiRequest request, ResourceType type, string name)
    {
        var snapshot = await registry[type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false);
        return snapshot.Get(new(request.Key.Namespace, name)) ?? throw ApiException.NotFound(type, name);
    }

    // What listens on the machine's own loopback or link is not the cluster's to hand out.
    private static bool MayBeReached(string? address) =>
        IPAddress.TryParse(address, out var ip) && !IPAddress.IsLoopback(ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any)
        && !ip.IsIPv6LinkLocal && !ip.IsIPv6Multicast && !IsLinkLocalOrMulticast(ip);

    private static bool IsLinkLocalOrMulticast(IPAddress ip) =>
        ip.AddressFamily == AddressFamily.InterNetwork && ip.GetAddressBytes() is [169, 254, ..] or [>= 224, ..];

    private static Uri Location(string scheme, string address, string port)
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        return Uri.TryCreate(port.Length == 0 ? $"{scheme}://{host}" : $"{scheme}://{host}:{port}", UriKind.Absolute, out var location)
            ? location
            : throw ApiException.Unavailable($"error trying to reach service: address tcp/{port}: unknown port");
    }
}
