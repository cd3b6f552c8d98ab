using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding.Protobuf;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Resources.Tests.Decoding.Protobuf;

public class FieldNumbersTests
{
    private static readonly Type[] Unstored = [typeof(V1DeleteOptions), typeof(V1Binding), typeof(V1Eviction), typeof(V1Scale)];

    // The models are of a later release than the table. A number that it does not have is skipped, as upstream does.
    private static readonly string[] AddedSince132 =
    [
        "ClusterTrustBundleProjection.user", "ConfigMapVolumeSource.defaultUser", "Container.restartPolicyRules", "ContainerStatus.stopSignal",
        "DeploymentStatus.terminatingReplicas", "DownwardAPIVolumeFile.user", "DownwardAPIVolumeSource.defaultUser", "EmptyDirVolumeSource.mode",
        "EndpointHints.forNodes", "EnvVarSource.fileKeyRef", "EphemeralContainer.restartPolicyRules", "GRPCAction.mode", "HPAScalingRules.tolerance", "HTTPGetAction.protocol", "HorizontalPodAutoscalerCondition.observedGeneration",
        "KeyToPath.user", "Lifecycle.stopSignal", "NodeSpec.podPreemptionPolicy", "NodeStatus.declaredFeatures",
        "NodeSystemInfo.runningInUserNamespace", "NodeSystemInfo.swap", "PodCondition.observedGeneration", "PodSpec.evictionResponders",
        "PodSpec.hostnameOverride", "PodSpec.schedulingGroup", "PodStatus.allocatedResources", "PodStatus.extendedResourceClaimStatus",
        "PodStatus.nodeAllocatableResourceClaimStatuses", "PodStatus.observedGeneration", "PodStatus.resources", "PodStatus.volumeHealth",
        "ProjectedVolumeSource.defaultUser", "ReplicaSetStatus.terminatingReplicas", "ResourceHealth.message", "SecretVolumeSource.defaultUser",
        "ServiceAccountTokenProjection.user", "VolumeMount.bindMountOptions", "VolumeMountStatus.volumeStatus", "VolumeProjection.podCertificate",
    ];

    [Fact]
    public void Every_field_that_a_served_kind_may_have_has_a_number()
    {
        var without = Reachable().Where(s => FieldNumbers.Of(s) is not null).SelectMany(schema => schema.Fields.Keys
            .Except(Names(schema)).Except(["apiVersion", "kind"]).Select(field => $"{schema.Name}.{field}"));

        Assert.Equal(AddedSince132, without.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_number_names_a_field_of_the_kind()
    {
        var unknown = Reachable().SelectMany(schema => Names(schema).Except(schema.Fields.Keys).Select(field => $"{schema.Name}.{field}"));

        Assert.Equal([], unknown.Distinct());
    }

    [Fact]
    public void No_two_numbers_of_a_message_name_the_same_field()
    {
        foreach (var schema in Reachable())
            Assert.Equal(Names(schema).Distinct(), Names(schema));
    }

    private static List<string> Names(Schema schema) => FieldNumbers.Of(schema) is { } numbers
        ? [.. numbers.Values.SelectMany(f => f.IsInline ? FieldNumbers.OfInlined(f.Name).Values.Select(i => i.Name) : [f.Name])]
        : [];

    private static List<Schema> Reachable()
    {
        var found = new List<Schema>();
        var left = new Stack<Schema>([.. BuiltIn.EveryVersion.Select(Schema.Of), .. ReviewTypes.All.Select(Schema.Of), .. Unstored.Select(Schema.Of)]);
        while (left.TryPop(out var schema))
        {
            if (schema.Element is { } element) left.Push(element);
            if (schema.Kind != SchemaKind.Object || found.Contains(schema)) continue;
            found.Add(schema);
            foreach (var field in schema.Fields.Values) left.Push(field.Type);
        }
        return found;
    }
}
