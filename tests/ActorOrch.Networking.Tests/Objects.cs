using k8s.Models;

namespace ActorOrch.Networking.Tests;

/// <summary>Short ways to the objects that the tests are about.</summary>
internal static class Objects
{
    public static V1Service Service(string name = "web", Action<V1ServiceSpec>? change = null, params IReadOnlyList<V1ServicePort> ports)
    {
        var service = new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new() { Name = name, NamespaceProperty = "default", Uid = name + "-uid" },
            Spec = new()
            {
                Type = "ClusterIP",
                ClusterIP = "10.96.0.10",
                ClusterIPs = ["10.96.0.10"],
                IpFamilies = ["IPv4"],
                Selector = new Dictionary<string, string> { ["app"] = name },
                Ports = ports.Count > 0 ? [.. ports] : [Port()],
            },
        };
        change?.Invoke(service.Spec);
        return service;
    }

    public static V1ServicePort Port(int port = 80, string target = "8080", string name = "", string protocol = "TCP", int? nodePort = null) =>
        new() { Name = name, Port = port, TargetPort = target, Protocol = protocol, NodePort = nodePort };

    public static V1Pod Pod(string name, string ip, bool ready = true, Action<V1Pod>? change = null)
    {
        var pod = new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new() { Name = name, NamespaceProperty = "default", Uid = name + "-uid", Labels = new Dictionary<string, string> { ["app"] = "web" } },
            Spec = new() { NodeName = "node-1", Containers = [new() { Name = "main", Ports = [new() { Name = "http", ContainerPort = 8080, Protocol = "TCP" }] }] },
            Status = new()
            {
                Phase = "Running",
                PodIP = ip,
                PodIPs = [new() { Ip = ip }],
                Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False" }],
            },
        };
        change?.Invoke(pod);
        return pod;
    }

    public static V1EndpointSlice Slice(string service, string addressType, IReadOnlyList<V1Endpoint> endpoints, params IReadOnlyList<Discoveryv1EndpointPort> ports) => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = "EndpointSlice",
        Metadata = new()
        {
            Name = $"{service}-{addressType.ToLowerInvariant()}",
            NamespaceProperty = "default",
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service },
        },
        AddressType = addressType,
        Endpoints = [.. endpoints],
        Ports = ports.Count > 0 ? [.. ports] : [new() { Name = "", Port = 8080, Protocol = "TCP" }],
    };

    public static V1Endpoint Endpoint(string address, bool ready = true, string? node = "node-1", bool serving = true, bool terminating = false) => new()
    {
        Addresses = [address],
        Conditions = new() { Ready = ready, Serving = serving, Terminating = terminating },
        NodeName = node,
    };
}
