using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Kinds.Columns;
using ActorOrch.Resources.Kinds.ConfigMaps;
using ActorOrch.Resources.Kinds.ControllerRevisions;
using ActorOrch.Resources.Kinds.CustomResourceDefinitions;
using ActorOrch.Resources.Kinds.Deployments;
using ActorOrch.Resources.Kinds.Endpoints;
using ActorOrch.Resources.Kinds.EndpointSlices;
using ActorOrch.Resources.Kinds.Events;
using ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;
using ActorOrch.Resources.Kinds.IngressClasses;
using ActorOrch.Resources.Kinds.Ingresses;
using ActorOrch.Resources.Kinds.Leases;
using ActorOrch.Resources.Kinds.Namespaces;
using ActorOrch.Resources.Kinds.Nodes;
using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Kinds.PodTemplates;
using ActorOrch.Resources.Kinds.ReplicaSets;
using ActorOrch.Resources.Kinds.ReplicationControllers;
using ActorOrch.Resources.Kinds.Secrets;
using ActorOrch.Resources.Kinds.ServiceAccounts;
using ActorOrch.Resources.Kinds.Services;
using ActorOrch.Resources.Versions;
using k8s.Models;

namespace ActorOrch.Resources.Catalog;

/// <summary>The kinds that are served from the start.</summary>
public static class BuiltIn
{
    public static readonly ResourceType Namespaces =
        Core<V1Namespace>(new NamespaceRules(), SimpleColumns.Namespaces, "Namespace", "namespaces", namespaced: false, ["ns"], [StatusPart.Instance, new FinalizePart()],
            // Upstream never deletes all namespaces in one request.
            verbs: [.. ResourceType.EveryVerb.Where(v => v != "deletecollection")], isNamespace: true);
    public static readonly ResourceType Nodes =
        Core<V1Node>(new NodeRules(), NodeColumns.All, "Node", "nodes", namespaced: false, ["no"], [StatusPart.Instance]);
    public static readonly ResourceType Pods =
        Core<V1Pod>(new PodRules(), PodColumns.All, "Pod", "pods", namespaced: true, ["po"],
            [
                StatusPart.Instance, Connection.Log, Connection.Exec, Connection.Attach, Connection.PortForward, new PodBinding(), new PodEviction(), Connection.PodProxy,
            ],
            ["all"]);
    public static readonly ResourceType Services =
        Core<V1Service>(new ServiceRules(), ServiceColumns.All, "Service", "services", namespaced: true, ["svc"], [StatusPart.Instance, Connection.ServiceProxy], ["all"]);
    public static readonly ResourceType Endpoints =
        Core<V1Endpoints>(new EndpointsRules(), EndpointsColumns.All, "Endpoints", "endpoints", namespaced: true, ["ep"], []);
    public static readonly ResourceType ConfigMaps =
        Core<V1ConfigMap>(new ConfigMapRules(), SimpleColumns.ConfigMaps, "ConfigMap", "configmaps", namespaced: true, ["cm"], []);
    public static readonly ResourceType Secrets =
        Core<V1Secret>(new SecretRules(), SimpleColumns.Secrets, "Secret", "secrets", namespaced: true, [], []);
    public static readonly ResourceType ServiceAccounts =
        Core<V1ServiceAccount>(new ServiceAccountRules(), SimpleColumns.ServiceAccounts, "ServiceAccount", "serviceaccounts", namespaced: true, ["sa"], []);
    public static readonly ResourceType EventsV1 =
        Version<Eventsv1Event>(new EventConversion(), new EventV1Rules(), EventColumns.All, "events.k8s.io", "v1", "Event", "events", ["ev"], []);
    public static readonly ResourceType Events =
        Core<Corev1Event>(new EventRules(), EventColumns.All, "Event", "events", namespaced: true, ["ev"], [], others: [EventsV1]);
    public static readonly ResourceType PodTemplates =
        Core<V1PodTemplate>(new PodTemplateRules(), PodTemplateColumns.All, "PodTemplate", "podtemplates", namespaced: true, [], []);
    public static readonly ResourceType ReplicationControllers =
        Core<V1ReplicationController>(
            new ReplicationControllerRules(), ReplicationControllerColumns.All, "ReplicationController", "replicationcontrollers", namespaced: true, ["rc"],
            [StatusPart.Instance, new Scale(".spec.replicas", ".status.replicas", ".spec.selector", selectsByMap: true)], ["all"]);
    public static readonly ResourceType Deployments =
        Grouped<V1Deployment>(new DeploymentRules(), DeploymentColumns.All, "apps", "v1", "Deployment", "deployments", ["deploy"], [StatusPart.Instance, Scale.OfWorkloads], ["all"]);
    public static readonly ResourceType ReplicaSets =
        Grouped<V1ReplicaSet>(new ReplicaSetRules(), ReplicaSetColumns.All, "apps", "v1", "ReplicaSet", "replicasets", ["rs"], [StatusPart.Instance, Scale.OfWorkloads], ["all"]);
    public static readonly ResourceType ControllerRevisions =
        Grouped<V1ControllerRevision>(new ControllerRevisionRules(), ControllerRevisionColumns.All, "apps", "v1", "ControllerRevision", "controllerrevisions", [], []);
    public static readonly ResourceType HorizontalPodAutoscalersV1 = Version<V1HorizontalPodAutoscaler>(
        new AutoscalerV1Conversion(), new HorizontalPodAutoscalerRules(), AutoscalerColumns.All, "autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers",
        ["hpa"], [StatusPart.Instance], ["all"]);
    public static readonly ResourceType HorizontalPodAutoscalers = Grouped<V2HorizontalPodAutoscaler>(
        new HorizontalPodAutoscalerRules(), AutoscalerColumns.All, "autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers",
        ["hpa"], [StatusPart.Instance], ["all"], others: [HorizontalPodAutoscalersV1]);
    public static readonly ResourceType EndpointSlices =
        Grouped<V1EndpointSlice>(new EndpointSliceRules(), EndpointSliceColumns.All, "discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", [], []);
    public static readonly ResourceType Ingresses =
        Grouped<V1Ingress>(new IngressRules(), IngressColumns.All, "networking.k8s.io", "v1", "Ingress", "ingresses", ["ing"], [StatusPart.Instance]);
    public static readonly ResourceType IngressClasses =
        Grouped<V1IngressClass>(new IngressClassRules(), IngressClassColumns.All, "networking.k8s.io", "v1", "IngressClass", "ingressclasses", [], [], namespaced: false);
    public static readonly ResourceType Leases =
        Grouped<V1Lease>(new LeaseRules(), SimpleColumns.Leases, "coordination.k8s.io", "v1", "Lease", "leases", [], []);

    /// <summary>The definitions of kinds that come and go at run time. Not found in the API.</summary>
    public static readonly ResourceType CustomResourceDefinitions = new()
    {
        Group = "apiextensions.k8s.io",
        Version = "v1",
        Kind = "CustomResourceDefinition",
        Plural = "customresourcedefinitions",
        Singular = "customresourcedefinition",
        Namespaced = false,
        Model = typeof(V1CustomResourceDefinition),
        Rules = new CustomResourceDefinitionRules(),
        Columns = ColumnSet.Plain,
        IsInternal = true,
    };

    /// <summary>Each kind that is stored and served, in the version in which it is stored.</summary>
    public static IReadOnlyList<ResourceType> All { get; } =
    [
        Namespaces, Nodes, Pods, Services, Endpoints, ConfigMaps, Secrets, ServiceAccounts, Events, PodTemplates, ReplicationControllers,
        Deployments, ReplicaSets, ControllerRevisions, HorizontalPodAutoscalers, EndpointSlices, Ingresses, IngressClasses, Leases,
    ];

    /// <summary>Each of them in every version that is served.</summary>
    public static IReadOnlyList<ResourceType> EveryVersion { get; } = [.. All.SelectMany(t => t.Versions)];

    private static ResourceType Core<T>(
        KindRules rules, IReadOnlyList<TableColumn> columns, string kind, string plural, bool namespaced, string[] shortNames, Subresource[] subresources, string[]? categories = null,
        string[]? verbs = null, ResourceType[]? others = null, bool isNamespace = false) =>
        Type<T>(rules, columns, "", "v1", kind, plural, namespaced, shortNames, subresources, categories, verbs, others: others, isNamespace: isNamespace);

    private static ResourceType Grouped<T>(
        KindRules rules, IReadOnlyList<TableColumn> columns, string group, string version, string kind, string plural, string[] shortNames, Subresource[] subresources, string[]? categories = null, bool namespaced = true,
        ResourceType[]? others = null) =>
        Type<T>(rules, columns, group, version, kind, plural, namespaced, shortNames, subresources, categories, others: others);

    /// <summary>A version that is served and not stored.</summary>
    private static ResourceType Version<T>(
        IVersionConversion conversion, KindRules rules, IReadOnlyList<TableColumn> columns, string group, string version, string kind, string plural, string[] shortNames,
        Subresource[] subresources, string[]? categories = null) =>
        Type<T>(rules, columns, group, version, kind, plural, namespaced: true, shortNames, subresources, categories, conversion: conversion);

    private static ResourceType Type<T>(
        KindRules rules, IReadOnlyList<TableColumn> columns, string group, string version, string kind, string plural, bool namespaced, string[] shortNames, Subresource[] subresources, string[]? categories,
        string[]? verbs = null, IVersionConversion? conversion = null, ResourceType[]? others = null, bool isNamespace = false) => new()
        {
            Group = group,
            Version = version,
            Kind = kind,
            Plural = plural,
            Singular = kind.ToLowerInvariant(),
            Namespaced = namespaced,
            IsNamespace = isNamespace,
            ShortNames = shortNames,
            Categories = categories ?? [],
            Subresources = subresources,
            Verbs = verbs ?? ResourceType.EveryVerb,
            Model = typeof(T),
            Rules = rules,
            Conversion = conversion,
            OtherVersions = others ?? [],
            Columns = columns,
        };
}
