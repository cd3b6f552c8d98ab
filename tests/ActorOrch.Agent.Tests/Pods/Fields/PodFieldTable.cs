using static ActorOrch.Agent.Tests.Pods.Fields.FieldEntry;

namespace ActorOrch.Agent.Tests.Pods.Fields;

/// <summary>
/// Every field that a pod's spec can have, and what becomes of it. A field without an entry fails the test: before it is forgotten, somebody
/// decides. Nothing that weakens isolation or changes what runs is ignored.
/// </summary>
internal static partial class PodFieldTable
{
    public static readonly IReadOnlyDictionary<string, FieldEntry> Entries = new[]
    {
        PodSpec, PodRelations, PodSecurityContext, Container, SecurityContext, Volume, VolumeParts, Probe, ContainerParts,
    }.SelectMany(part => part).ToDictionary(e => e.Key, e => e.Value);

    private static Dictionary<string, FieldEntry> PodSpec => new()
    {
        ["PodSpec.activeDeadlineSeconds"] = new Acts("A_pod_that_is_active_for_too_long_fails"),
        ["PodSpec.affinity"] = new Acts("Required_affinity_chooses_by_labels", "Preferred_affinity_and_preferred_taints_outweigh_packing"),
        ["PodSpec.automountServiceAccountToken"] = new Warns("""{"automountServiceAccountToken":true}""",
            "spec.automountServiceAccountToken: has no effect: the cluster issues no service account tokens"),
        ["PodSpec.containers"] = new Acts("A_pod_of_one_container_runs_in_one_container_at_its_own_addresses", "Containers_of_a_pod_share_its_network_and_start_after_the_init_containers"),
        ["PodSpec.dnsConfig"] = new Acts("None_takes_what_the_pod_says_alone"),
        ["PodSpec.dnsPolicy"] = new Acts("ClusterFirst_asks_the_cluster_and_searches_the_namespace_first", "None_takes_what_the_pod_says_alone"),
        ["PodSpec.enableServiceLinks"] = new Acts("Services_are_in_the_environment_unless_the_pod_says_otherwise"),
        ["PodSpec.ephemeralContainers"] = new Refused("""{"ephemeralContainers":[{"name":"e","image":"i"}]}""", "spec.ephemeralContainers: Forbidden: cannot be set on create"),
        ["PodSpec.evictionResponders"] = new Warns("""{"evictionResponders":[{"name":"a"}]}""",
            "spec.evictionResponders: not supported by this cluster: evictions do not wait for them"),
        ["PodSpec.hostAliases"] = new Acts("The_hosts_file_knows_the_pods_aliases"),
        ["PodSpec.hostIPC"] = new Acts("The_machines_processes_and_segments_are_seen_only_where_they_are_asked_for"),
        ["PodSpec.hostNetwork"] = new Acts("Containers_on_the_machines_network_can_share_their_processes_too", "On_the_hosts_network_a_pod_takes_host_ports"),
        ["PodSpec.hostPID"] = new Acts("The_machines_processes_and_segments_are_seen_only_where_they_are_asked_for"),
        ["PodSpec.hostUsers"] = new RefusedByNode("""{"hostUsers":false}""",
            "CreatePodSandboxError", "can't set `spec.hostUsers: false`, runtime does not support user namespaces", "A_pod_that_wants_its_own_users_does_not_run_without_them"),
        ["PodSpec.hostname"] = new Acts("The_hosts_file_knows_the_pods_aliases"),
        ["PodSpec.hostnameOverride"] = new Acts("The_kernel_knows_the_pod_by_its_whole_name_where_it_asks_for_that"),
        ["PodSpec.imagePullSecrets"] = new Warns("""{"imagePullSecrets":[{"name":"registry"}]}""",
            "spec.imagePullSecrets: not supported by this cluster: images are pulled with the credentials of the nodes"),
        ["PodSpec.initContainers"] = new Acts("Containers_of_a_pod_share_its_network_and_start_after_the_init_containers"),
        ["PodSpec.nodeName"] = new Acts("A_pod_for_one_node_by_name_says_nothing_of_the_others"),
        ["PodSpec.nodeSelector"] = new Acts("A_selector_that_no_node_has_is_said_so"),
        ["PodSpec.os"] = new RefusedByNode("""{"os":{"name":"windows"}}""",
            "PodOSNotSupported", "Pod was rejected: Failed to admit pod as the OS field doesn't match node OS", "A_pod_of_another_operating_system_is_refused"),
        ["PodSpec.overhead"] = new Refused("""{"overhead":{"cpu":"1"}}""",
            "pods \"p\" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"),
        ["PodSpec.preemptionPolicy"] = new Acts("A_pod_that_never_preempts_is_not_eligible_to"),
        ["PodSpec.priority"] = new Acts("A_priority_class_becomes_a_number_and_an_unknown_one_is_refused", "Higher_priority_is_placed_first"),
        ["PodSpec.priorityClassName"] = new Acts("A_priority_class_becomes_a_number_and_an_unknown_one_is_refused"),
        ["PodSpec.readinessGates"] = new Acts("A_pod_is_ready_when_its_gates_say_so"),
        ["PodSpec.resourceClaims"] = new Refused("""{"resourceClaims":[{"name":"gpu","resourceClaimName":"gpu"}]}""",
            "spec.resourceClaims: Forbidden: dynamic resource allocation is not supported by this cluster"),
        ["PodSpec.resources"] = new Refused("""{"resources":{"limits":{"memory":"1Gi"}}}""",
            "spec.resources: Forbidden: resources of a whole pod are not supported by this cluster: set them on its containers"),
        ["PodSpec.restartPolicy"] = new Acts("A_job_like_pod_ends_with_its_exit_code_and_its_last_words", "A_killed_container_runs_again_and_its_last_log_can_be_read"),
        ["PodSpec.runtimeClassName"] = new Refused("""{"runtimeClassName":"gvisor"}""", "pods \"p\" is forbidden: pod rejected: RuntimeClass \"gvisor\" not found"),
        ["PodSpec.schedulerName"] = new Acts("Pods_with_gates_of_other_schedulers_or_terminating_are_left_alone"),
        ["PodSpec.schedulingGates"] = new Acts("Pods_with_gates_of_other_schedulers_or_terminating_are_left_alone"),
        ["PodSpec.schedulingGroup"] = new Refused("""{"schedulingGroup":{"podGroupName":"g"}}""", "spec.schedulingGroup: Forbidden: scheduling in groups is not supported by this cluster"),
        ["PodSpec.securityContext"] = new Acts("A_process_is_in_fsGroup_and_the_supplemental_groups"),
        ["PodSpec.serviceAccount"] = new Informs("the older name of serviceAccountName, which it is copied to"),
        ["PodSpec.serviceAccountName"] = new Acts("A_pod_waits_for_the_account_of_a_new_namespace_and_is_refused_when_it_never_comes"),
        ["PodSpec.setHostnameAsFQDN"] = new Acts("The_kernel_knows_the_pod_by_its_whole_name_where_it_asks_for_that", "A_whole_name_that_the_kernel_cannot_keep_is_an_obstacle"),
        ["PodSpec.shareProcessNamespace"] = new Acts("Containers_that_share_their_processes_see_each_other_and_no_one_else"),
        ["PodSpec.subdomain"] = new Acts("The_hosts_file_knows_the_pods_aliases"),
        ["PodSpec.terminationGracePeriodSeconds"] = new Acts("Deletion_waits_for_the_grace_period_and_force_does_not"),
        ["PodSpec.tolerations"] = new Acts("Taints_must_be_tolerated", "A_toleration_runs_out_to_the_second"),
        ["PodSpec.topologySpreadConstraints"] = new Acts(
            "Every_pod_goes_where_a_model_that_looks_at_everything_would_put_it", "A_pod_that_would_be_too_many_for_its_domain_is_told_so"),
        ["PodSpec.volumes"] = new Acts("Mounted_ConfigMaps_and_Secrets_follow_their_objects"),

        ["Affinity.nodeAffinity"] = new Acts("Required_affinity_chooses_by_labels", "Preferred_affinity_and_preferred_taints_outweigh_packing"),
        ["Affinity.podAffinity"] = new Acts("Every_pod_goes_where_a_model_that_looks_at_everything_would_put_it", "A_pod_without_the_friends_that_it_needs_is_told_so"),
        ["Affinity.podAntiAffinity"] = new Acts("Every_pod_goes_where_a_model_that_looks_at_everything_would_put_it", "A_pod_that_keeps_away_from_others_is_told_so"),
    };

    // Each of them is written at random into the pods of one test, which holds what becomes of them against a model of its own.
    private static Dictionary<string, FieldEntry> PodRelations => new[]
    {
        "PodAffinity.preferredDuringSchedulingIgnoredDuringExecution", "PodAffinity.requiredDuringSchedulingIgnoredDuringExecution",
        "PodAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution", "PodAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution",
        "WeightedPodAffinityTerm.podAffinityTerm", "WeightedPodAffinityTerm.weight",
        "PodAffinityTerm.labelSelector", "PodAffinityTerm.matchLabelKeys", "PodAffinityTerm.mismatchLabelKeys", "PodAffinityTerm.namespaceSelector",
        "PodAffinityTerm.namespaces", "PodAffinityTerm.topologyKey",
        "TopologySpreadConstraint.labelSelector", "TopologySpreadConstraint.matchLabelKeys", "TopologySpreadConstraint.maxSkew", "TopologySpreadConstraint.minDomains",
        "TopologySpreadConstraint.nodeAffinityPolicy", "TopologySpreadConstraint.nodeTaintsPolicy", "TopologySpreadConstraint.topologyKey",
        "TopologySpreadConstraint.whenUnsatisfiable",
    }.ToDictionary(name => name, FieldEntry (_) => new Acts("Every_pod_goes_where_a_model_that_looks_at_everything_would_put_it"));

    private static Dictionary<string, FieldEntry> PodSecurityContext => new()
    {
        ["PodSecurityContext.appArmorProfile"] = new RefusedByNode("""{"securityContext":{"appArmorProfile":{"type":"Localhost","localhostProfile":"none"}}}""",
            "AppArmor", "Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host", "A_profile_of_AppArmor_needs_AppArmor_on_the_pod_and_on_the_container"),
        ["PodSecurityContext.fsGroup"] = new Acts("A_process_is_in_fsGroup_and_the_supplemental_groups"),
        ["PodSecurityContext.fsGroupChangePolicy"] = new Informs("says when work may be saved; the outcome is the same"),
        ["PodSecurityContext.runAsGroup"] = new Acts("A_group_of_its_own_leaves_the_images_user", "A_process_is_in_fsGroup_and_the_supplemental_groups"),
        ["PodSecurityContext.runAsNonRoot"] = new RefusedByNode("""{"securityContext":{"runAsNonRoot":true}}""",
            "CreateContainerConfigError", "container has runAsNonRoot and image will run as root (pod: "),
        ["PodSecurityContext.runAsUser"] = new Acts("A_process_is_in_fsGroup_and_the_supplemental_groups"),
        ["PodSecurityContext.seLinuxChangePolicy"] = new Warns("""{"securityContext":{"seLinuxChangePolicy":"Recursive"}}""",
            "spec.securityContext.seLinuxChangePolicy: has no effect on nodes without SELinux"),
        ["PodSecurityContext.seLinuxOptions"] = new Warns("""{"securityContext":{"seLinuxOptions":{"level":"s0:c1,c2"}}}""",
            "spec.securityContext.seLinuxOptions: has no effect on nodes without SELinux"),
        ["PodSecurityContext.seccompProfile"] = new RefusedByNode("""{"securityContext":{"seccompProfile":{"type":"RuntimeDefault"}}}""",
            "CreateContainerError", "seccomp is not supported by this node's kernel or engine",
            "A_profile_of_the_directory_filters_system_calls", "A_container_whose_profile_cannot_be_loaded_waits_until_it_can"),
        ["PodSecurityContext.supplementalGroups"] = new Acts("A_process_is_in_fsGroup_and_the_supplemental_groups"),
        ["PodSecurityContext.supplementalGroupsPolicy"] = new RefusedByNode("""{"securityContext":{"supplementalGroupsPolicy":"Strict"}}""",
            "SupplementalGroupsPolicyNotSupported", "Pod was rejected: SupplementalGroupsPolicy=Strict is not supported in this node, but with runAsUser and runAsGroup for every container",
            "Strict_groups_need_a_user_and_a_group", "A_process_is_in_fsGroup_and_the_supplemental_groups"),
        ["PodSecurityContext.sysctls"] = new RefusedByNode("""{"securityContext":{"sysctls":[{"name":"kernel.msgmax","value":"1"}]}}""",
            "SysctlForbidden", "Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted",
            "Safe_sysctls_are_set_whatever_separates_their_names", "Sysctls_are_safe_or_allowed_or_refused"),
        ["PodSecurityContext.windowsOptions"] = new Warns("""{"securityContext":{"windowsOptions":{"hostProcess":false}}}""",
            "spec.securityContext.windowsOptions: has no effect: all nodes run Linux"),
    };
}
