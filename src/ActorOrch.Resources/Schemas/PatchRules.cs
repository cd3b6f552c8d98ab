using k8s.Models;

namespace ActorOrch.Resources.Schemas;

/// <summary>
/// The patch strategies, merge keys and list types of Kubernetes' own types, as the struct tags and markers of <c>k8s.io/api</c> have them.
/// Fields that are not named here have none: maps and objects merge, lists are replaced and owned as a whole.
/// </summary>
internal static class PatchRules
{
    private static readonly PatchRule Set = new(PatchStrategy.Merge, null, []) { IsSet = true };
    private static readonly PatchRule OwnedSet = PatchRule.None with { IsSet = true };
    private static readonly PatchRule AtomicMap = PatchRule.None with { IsAtomicMap = true };
    private static readonly PatchRule RetainKeys = new(PatchStrategy.RetainKeys, null, []);
    private static readonly PatchRule Replace = new(PatchStrategy.Replace, null, []);

    private static readonly Dictionary<(Type Model, string Field), PatchRule> Rules = Build();

    /// <summary>The fields that have a rule.</summary>
    public static IReadOnlyCollection<(Type Model, string Field)> Fields => Rules.Keys;

    public static PatchRule Of(Type model, string field) => Rules.GetValueOrDefault((model, field), PatchRule.None);

    private static Dictionary<(Type, string), PatchRule> Build()
    {
        var rules = new Dictionary<(Type, string), PatchRule>
        {
            [(typeof(V1ObjectMeta), "ownerReferences")] = By("uid"),
            [(typeof(V1ObjectMeta), "finalizers")] = Set,

            [(typeof(V1PodSpec), "containers")] = By("name"),
            [(typeof(V1PodSpec), "initContainers")] = By("name"),
            [(typeof(V1PodSpec), "ephemeralContainers")] = By("name"),
            [(typeof(V1PodSpec), "volumes")] = RetainBy("name"),
            [(typeof(V1PodSpec), "imagePullSecrets")] = By("name"),
            [(typeof(V1PodSpec), "hostAliases")] = By("ip"),
            [(typeof(V1PodSpec), "topologySpreadConstraints")] = By("topologyKey", "topologyKey", "whenUnsatisfiable"),
            [(typeof(V1PodSpec), "schedulingGates")] = By("name"),
            [(typeof(V1PodSpec), "resourceClaims")] = RetainBy("name"),
            [(typeof(V1PodStatus), "podIPs")] = By("ip"),
            [(typeof(V1PodStatus), "hostIPs")] = By("ip") with { ListKeys = [] },
            [(typeof(V1PodStatus), "resourceClaimStatuses")] = RetainBy("name"),
            [(typeof(V1ContainerStatus), "volumeMounts")] = By("mountPath"),
            [(typeof(V1ContainerStatus), "allocatedResourcesStatus")] = By("name"),

            [(typeof(V1ServiceSpec), "ports")] = By("port", "port", "protocol"),
            [(typeof(V1ServiceAccount), "secrets")] = By("name"),
            [(typeof(V1NodeSpec), "podCIDRs")] = Set,
            [(typeof(V1NodeStatus), "addresses")] = By("type"),
            [(typeof(V1DeploymentSpec), "strategy")] = RetainKeys,
            [(typeof(V1PodSpec), "nodeSelector")] = AtomicMap,
            [(typeof(V1ServiceSpec), "selector")] = AtomicMap,
            [(typeof(V1ReplicationControllerSpec), "selector")] = AtomicMap,
            [(typeof(V1Scheduling), "nodeSelector")] = AtomicMap,
            [(typeof(V1ResourceRequirements), "claims")] = OwnedBy("name"),
            [(typeof(V1ResourceStatus), "resources")] = OwnedBy("resourceID"),
            [(typeof(V1Endpoint), "addresses")] = OwnedSet,
            [(typeof(V1UncountedTerminatedPods), "failed")] = OwnedSet,
            [(typeof(V1UncountedTerminatedPods), "succeeded")] = OwnedSet,
            [(typeof(V1CSIDriverSpec), "volumeLifecycleModes")] = OwnedSet,
            [(typeof(V1PodDisruptionBudgetSpec), "selector")] = Replace,
            [(typeof(V1CSINodeSpec), "drivers")] = By("name"),

            [(typeof(V1MutatingWebhookConfiguration), "webhooks")] = By("name"),
            [(typeof(V1MutatingWebhook), "matchConditions")] = By("name"),
            [(typeof(V1ValidatingWebhookConfiguration), "webhooks")] = By("name"),
            [(typeof(V1ValidatingWebhook), "matchConditions")] = By("name"),
            [(typeof(V1ValidatingAdmissionPolicySpec), "matchConditions")] = By("name"),
            [(typeof(V1ValidatingAdmissionPolicySpec), "variables")] = By("name"),
        };
        foreach (var container in (Type[])[typeof(V1Container), typeof(V1EphemeralContainer)])
        {
            rules[(container, "ports")] = By("containerPort", "containerPort", "protocol");
            rules[(container, "env")] = By("name");
            rules[(container, "volumeMounts")] = By("mountPath");
            rules[(container, "volumeDevices")] = By("devicePath");
        }
        foreach (var status in (Type[])
        [
            typeof(V1PodStatus), typeof(V1NodeStatus), typeof(V1NamespaceStatus), typeof(V1ServiceStatus), typeof(V1PersistentVolumeClaimStatus),
            typeof(V1ReplicationControllerStatus), typeof(V1DeploymentStatus), typeof(V1ReplicaSetStatus), typeof(V1StatefulSetStatus),
            typeof(V1DaemonSetStatus), typeof(V1JobStatus), typeof(V2HorizontalPodAutoscalerStatus), typeof(V1PodDisruptionBudgetStatus),
            typeof(V1APIServiceStatus), typeof(V1FlowSchemaStatus), typeof(V1PriorityLevelConfigurationStatus),
        ])
            rules[(status, "conditions")] = By("type");
        // Patches merge a Job's conditions, and yet they have one owner.
        rules[(typeof(V1JobStatus), "conditions")] = By("type") with { ListKeys = [] };
        return rules;
    }

    private static PatchRule By(string mergeKey, params string[] listKeys) =>
        new(PatchStrategy.Merge, mergeKey, listKeys.Length == 0 ? [mergeKey] : listKeys);

    private static PatchRule OwnedBy(string listKey) => PatchRule.None with { ListKeys = [listKey] };

    private static PatchRule RetainBy(string mergeKey) => new(PatchStrategy.Merge | PatchStrategy.RetainKeys, mergeKey, [mergeKey]);
}
