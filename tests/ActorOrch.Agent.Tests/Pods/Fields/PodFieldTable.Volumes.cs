using ActorOrch.Agent.Volumes;
using static ActorOrch.Agent.Tests.Pods.Fields.FieldEntry;

namespace ActorOrch.Agent.Tests.Pods.Fields;

/// <summary>Volumes and their mounts.</summary>
internal static partial class PodFieldTable
{
    private static Dictionary<string, FieldEntry> Volume => new(VolumeSources.Refused.Select(refused => KeyValuePair.Create<string, FieldEntry>(
        $"Volume.{refused.Key}",
        new NeverGiven(
            "{\"volumes\":[{\"name\":\"v\",\"" + refused.Key + "\":{}}]}", $"spec.volumes[0].{refused.Key}: volumes of this kind are not supported by this cluster: a pod with one does not start",
            "FailedMount", $"MountVolume.SetUp failed for volume \"v\" : no volume plugin matched {refused.Key}: {refused.Value}"))))
    {
        ["Volume.name"] = new Acts("Mounted_ConfigMaps_and_Secrets_follow_their_objects"),
        ["Volume.configMap"] = new Acts("Mounted_ConfigMaps_and_Secrets_follow_their_objects"),
        ["Volume.downwardAPI"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["Volume.emptyDir"] = new Acts("Containers_of_a_pod_share_its_network_and_start_after_the_init_containers"),
        ["Volume.hostPath"] = new Acts("A_path_of_the_machine_is_mounted"),
        ["Volume.projected"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["Volume.secret"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
    };

    private static Dictionary<string, FieldEntry> VolumeParts => new()
    {
        ["EmptyDirVolumeSource.medium"] = new RefusedByNode("""{"volumes":[{"name":"v","emptyDir":{"medium":"HugePages"}}]}""",
            "CreatePodSandboxError", "MountVolume.SetUp failed for volume \"v\" : medium HugePages is not supported by this node", "A_volume_in_memory_holds_what_its_limit_says"),
        ["EmptyDirVolumeSource.mode"] = new Refused("""{"volumes":[{"name":"v","emptyDir":{"mode":448}}]}""",
            "spec.volumes[0].emptyDir.mode: Forbidden: the mode of an emptyDir is not supported by this cluster"),
        ["EmptyDirVolumeSource.sizeLimit"] = new Acts("A_pod_whose_emptyDir_grows_over_its_limit_is_evicted_and_one_below_is_not", "A_volume_in_memory_holds_what_its_limit_says"),
        ["VolumeMount.bindMountOptions"] = new Refused(
            """{"volumes":[{"name":"v","emptyDir":{}}],"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/v","bindMountOptions":["noexec"]}]}]}""",
            "spec.containers[0].volumeMounts[0].bindMountOptions: Forbidden: mount options are not supported by this cluster"),
        ["VolumeMount.mountPath"] = new Acts("Mounted_ConfigMaps_and_Secrets_follow_their_objects"),
        ["VolumeMount.mountPropagation"] = new Acts("A_mounts_propagation_is_the_engines"),
        ["VolumeMount.name"] = new Acts("Mounted_ConfigMaps_and_Secrets_follow_their_objects"),
        ["VolumeMount.readOnly"] = new Acts("A_path_of_the_machine_is_mounted"),
        ["VolumeMount.recursiveReadOnly"] = new RefusedByNode(
            """{"volumes":[{"name":"v","emptyDir":{}}],"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/v","readOnly":true,"recursiveReadOnly":"Enabled"}]}]}""",
            "CreateContainerConfigError", "failed to resolve recursive read-only mode: volume \"v\" requested recursive read-only mode, but it is not supported by the runtime"),
        ["VolumeMount.subPath"] = new Acts("A_path_of_the_machine_is_mounted"),
        ["VolumeMount.subPathExpr"] = new Acts("A_container_whose_subPathExpr_lacks_an_annotation_starts_when_the_pod_gets_it"),
        ["VolumeProjection.clusterTrustBundle"] = new Refused("""{"volumes":[{"name":"v","projected":{"sources":[{"clusterTrustBundle":{"name":"b","path":"ca"}}]}}]}""",
            "spec.volumes[0].projected.sources[0].clusterTrustBundle: Forbidden: this source is not supported by this cluster"),
        ["VolumeProjection.configMap"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["VolumeProjection.downwardAPI"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["VolumeProjection.podCertificate"] = new Refused("""{"volumes":[{"name":"v","projected":{"sources":[{"podCertificate":{"signerName":"a/b","keyType":"ED25519"}}]}}]}""",
            "spec.volumes[0].projected.sources[0].podCertificate: Forbidden: this source is not supported by this cluster"),
        ["VolumeProjection.secret"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["VolumeProjection.serviceAccountToken"] = new NeverGiven("""{"volumes":[{"name":"v","projected":{"sources":[{"serviceAccountToken":{"path":"token"}}]}}]}""",
            "spec.volumes[0].projected.sources[0].serviceAccountToken: the cluster issues no service account tokens: a pod with one does not start",
            "FailedMount", "MountVolume.SetUp failed for volume \"v\" : failed to fetch token: the cluster issues no service account tokens"),
    };
}
