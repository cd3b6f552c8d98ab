using k8s.Models;

namespace ActorOrch.Resources;

/// <summary>The kinds that are served from the start.</summary>
public static class BuiltIn
{
    public static readonly ResourceType Namespaces = Core<V1Namespace>("Namespace", "namespaces", namespaced: false, ["ns"], ["status", "finalize"]);
    public static readonly ResourceType Nodes = Core<V1Node>("Node", "nodes", namespaced: false, ["no"], ["status"]);
    public static readonly ResourceType Pods = Core<V1Pod>("Pod", "pods", namespaced: true, ["po"], ["status", "log", "binding", "eviction"], ["all"]);
    public static readonly ResourceType Services = Core<V1Service>("Service", "services", namespaced: true, ["svc"], ["status"], ["all"]);
    public static readonly ResourceType Endpoints = Core<V1Endpoints>("Endpoints", "endpoints", namespaced: true, ["ep"], []);
    public static readonly ResourceType ConfigMaps = Core<V1ConfigMap>("ConfigMap", "configmaps", namespaced: true, ["cm"], []);
    public static readonly ResourceType Secrets = Core<V1Secret>("Secret", "secrets", namespaced: true, [], []);
    public static readonly ResourceType ServiceAccounts = Core<V1ServiceAccount>("ServiceAccount", "serviceaccounts", namespaced: true, ["sa"], []);
    public static readonly ResourceType Events = Core<Corev1Event>("Event", "events", namespaced: true, ["ev"], []);
    public static readonly ResourceType Deployments = Grouped<V1Deployment>("apps", "v1", "Deployment", "deployments", ["deploy"], ["status", "scale"], ["all"]);
    public static readonly ResourceType ReplicaSets = Grouped<V1ReplicaSet>("apps", "v1", "ReplicaSet", "replicasets", ["rs"], ["status", "scale"], ["all"]);
    public static readonly ResourceType ControllerRevisions = Grouped<V1ControllerRevision>("apps", "v1", "ControllerRevision", "controllerrevisions", [], []);
    public static readonly ResourceType EndpointSlices = Grouped<V1EndpointSlice>("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", [], []);
    public static readonly ResourceType Leases = Grouped<V1Lease>("coordination.k8s.io", "v1", "Lease", "leases", [], []);

    public static IReadOnlyList<ResourceType> All { get; } =
    [
        Namespaces, Nodes, Pods, Services, Endpoints, ConfigMaps, Secrets, ServiceAccounts, Events,
        Deployments, ReplicaSets, ControllerRevisions, EndpointSlices, Leases,
    ];

    private sealed class PlainRules : KindRules;

    private static ResourceType Core<T>(string kind, string plural, bool namespaced, string[] shortNames, string[] subresources, string[]? categories = null) =>
        Type<T>("", "v1", kind, plural, namespaced, shortNames, subresources, categories);

    private static ResourceType Grouped<T>(string group, string version, string kind, string plural, string[] shortNames, string[] subresources, string[]? categories = null) =>
        Type<T>(group, version, kind, plural, namespaced: true, shortNames, subresources, categories);

    private static ResourceType Type<T>(
        string group, string version, string kind, string plural, bool namespaced, string[] shortNames, string[] subresources, string[]? categories) => new()
        {
            Group = group,
            Version = version,
            Kind = kind,
            Plural = plural,
            Singular = kind.ToLowerInvariant(),
            Namespaced = namespaced,
            ShortNames = shortNames,
            Categories = categories ?? [],
            Subresources = subresources,
            Model = typeof(T),
            Rules = new PlainRules(),
            Columns = [new("Name", "string", (obj, _) => obj.Key.Name) { Format = "name" }],
        };
}
