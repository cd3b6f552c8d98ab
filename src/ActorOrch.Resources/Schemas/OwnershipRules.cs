using ActorOrch.Resources.OpenApi;
using k8s.Models;

namespace ActorOrch.Resources.Schemas;

/// <summary>What of Kubernetes' own types matters to who owns their fields, beside their <see cref="PatchRules"/>.</summary>
internal static class OwnershipRules
{
    /// <summary>References, selectors and the like: two owners of their halves would make nonsense of the whole.</summary>
    private static readonly HashSet<Type> Atomic =
    [
        typeof(V1LabelSelector), typeof(V1OwnerReference), typeof(V1ObjectReference), typeof(V1LocalObjectReference), typeof(V1TypedLocalObjectReference),
        typeof(V1SecretReference), typeof(V1SecretKeySelector), typeof(V1ConfigMapKeySelector), typeof(V1ObjectFieldSelector), typeof(V1ResourceFieldSelector),
        typeof(V1NodeSelector), typeof(V1NodeSelectorTerm), typeof(V1TopologySelectorTerm), typeof(V1ScopeSelector), typeof(V1EndpointAddress),
        typeof(Corev1EndpointPort), typeof(Discoveryv1EndpointPort), typeof(V1ServiceBackendPort), typeof(V1RoleRef), typeof(Rbacv1Subject),
        typeof(V1MatchResources), typeof(V1NamedRuleWithOperations), typeof(V1ParamKind), typeof(V1ParamRef),
    ];

    /// <summary>What upstream's structs hold by value: its documents have it wherever they have the struct around it.</summary>
    private static readonly HashSet<(Type, string)> Embedded =
    [
        (typeof(V1PodTemplateSpec), "metadata"), (typeof(V1PodTemplateSpec), "spec"), (typeof(V1PodTemplate), "template"),
        (typeof(V1DeploymentSpec), "template"), (typeof(V1DeploymentSpec), "strategy"), (typeof(V1ReplicaSetSpec), "template"),
        (typeof(V1StatefulSetSpec), "template"), (typeof(V1StatefulSetSpec), "updateStrategy"),
        (typeof(V1DaemonSetSpec), "template"), (typeof(V1DaemonSetSpec), "updateStrategy"),
        (typeof(V1JobSpec), "template"), (typeof(V1JobTemplateSpec), "metadata"), (typeof(V1JobTemplateSpec), "spec"), (typeof(V1CronJobSpec), "jobTemplate"),
        (typeof(V1PodSpec), "containers"), (typeof(V1Container), "resources"), (typeof(V1EphemeralContainer), "resources"),
        (typeof(V1ServiceStatus), "loadBalancer"), (typeof(V1IngressStatus), "loadBalancer"),
        (typeof(V1NodeStatus), "daemonEndpoints"), (typeof(V1NodeStatus), "nodeInfo"), (typeof(V1NodeDaemonEndpoints), "kubeletEndpoint"),
        (typeof(Corev1Event), "source"), (typeof(V2HorizontalPodAutoscalerSpec), "scaleTargetRef"),
    ];

    private static readonly Dictionary<(Type, string), string> KeyDefaults = new()
    {
        [(typeof(V1ContainerPort), "protocol")] = "TCP",
        [(typeof(V1ServicePort), "protocol")] = "TCP",
    };

    /// <summary>The classes that are owned as a whole.</summary>
    public static IReadOnlyCollection<Type> AtomicTypes => Atomic;

    /// <summary>The fields that are there wherever their object is.</summary>
    public static IReadOnlyCollection<(Type Model, string Field)> EmbeddedFields => Embedded;

    public static bool IsAtomic(Type model) => Atomic.Contains(model);

    public static bool IsAlwaysThere(Type model, string field) =>
        Embedded.Contains((model, field)) || (field is "metadata" or "spec" or "status" && DefinitionNames.KindOf(model) is not null);

    public static string? KeyDefault(Type model, string field) => KeyDefaults.GetValueOrDefault((model, field));
}
