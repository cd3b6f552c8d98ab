using static ActorOrch.Agent.Tests.Pods.Fields.FieldEntry;

namespace ActorOrch.Agent.Tests.Pods.Fields;

/// <summary>Containers and what belongs to them.</summary>
internal static partial class PodFieldTable
{
    private static Dictionary<string, FieldEntry> Container => new()
    {
        ["Container.args"] = new Acts("A_container_runs_what_its_fields_say_where_they_say"),
        ["Container.command"] = new Acts("A_container_runs_what_its_fields_say_where_they_say"),
        ["Container.env"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["Container.envFrom"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["Container.image"] = new Acts("A_missing_image_is_told_in_upstreams_words"),
        ["Container.imagePullPolicy"] = new Acts("A_missing_image_is_told_in_upstreams_words"),
        ["Container.lifecycle"] = new Acts("Hooks_run_after_the_start_and_before_the_end"),
        ["Container.livenessProbe"] = new Acts("Readiness_follows_the_probe_and_a_failing_liveness_probe_restarts"),
        ["Container.name"] = new Acts("A_job_like_pod_ends_with_its_exit_code_and_its_last_words"),
        ["Container.ports"] = new Acts("A_port_of_the_machine_leads_to_the_pod"),
        ["Container.readinessProbe"] = new Acts("Readiness_follows_the_probe_and_a_failing_liveness_probe_restarts"),
        ["Container.resizePolicy"] = new Informs("says what a resize does; there is no resize"),
        ["Container.resources"] = new Acts("Limits_reach_the_engine"),
        ["Container.restartPolicy"] = new Acts("Sidecars_run_beside_the_init_containers_after_them_and_beside_the_containers"),
        ["Container.restartPolicyRules"] = new Refused(
            """{"initContainers":[{"name":"i","image":"i","restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[3]}}]}]}""",
            "spec.initContainers[0].restartPolicyRules: Forbidden: rules of restarts are not supported by this cluster"),
        ["Container.securityContext"] = new Acts("A_container_that_may_not_escalate_gains_no_privileges"),
        ["Container.startupProbe"] = new Acts("Startup_readiness_and_tcp_probes_decide_when_a_pod_is_ready"),
        ["Container.stdin"] = new Acts("Attach_shows_what_a_container_writes_and_takes_input"),
        ["Container.stdinOnce"] = new Acts("A_run_with_input_ends_with_its_input_and_tells_the_exit_code"),
        ["Container.terminationMessagePath"] = new Acts("A_container_runs_what_its_fields_say_where_they_say"),
        ["Container.terminationMessagePolicy"] = new Acts("A_container_runs_what_its_fields_say_where_they_say"),
        ["Container.tty"] = new Acts("A_container_runs_what_its_fields_say_where_they_say"),
        ["Container.volumeDevices"] = new NeverGiven(
            """{"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}],"containers":[{"name":"c","image":"i","volumeDevices":[{"name":"v","devicePath":"/dev/x"}]}]}""",
            "spec.volumes[0].persistentVolumeClaim: volumes of this kind are not supported by this cluster: a pod with one does not start",
            "FailedMount", "MountVolume.SetUp failed for volume \"v\" : no volume plugin matched persistentVolumeClaim: this node does not support it"),
        ["Container.volumeMounts"] = new Acts("Mounted_ConfigMaps_and_Secrets_follow_their_objects"),
        ["Container.workingDir"] = new Acts("A_container_runs_what_its_fields_say_where_they_say"),
    };

    private static Dictionary<string, FieldEntry> SecurityContext => new()
    {
        ["SecurityContext.allowPrivilegeEscalation"] = new Acts("A_container_that_may_not_escalate_gains_no_privileges"),
        ["SecurityContext.appArmorProfile"] = new RefusedByNode(
            """{"containers":[{"name":"c","image":"i","securityContext":{"appArmorProfile":{"type":"RuntimeDefault"}}}]}""",
            "AppArmor", "Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host", "A_profile_of_AppArmor_needs_AppArmor_on_the_pod_and_on_the_container"),
        ["SecurityContext.capabilities"] = new Acts("Capabilities_are_added_and_dropped_with_and_without_their_prefix"),
        ["SecurityContext.privileged"] = new Warns(
            """{"containers":[{"name":"c","image":"i","securityContext":{"privileged":true,"seccompProfile":{"type":"RuntimeDefault"}}}]}""",
            "spec.containers[0].securityContext.privileged: a privileged container runs without the seccomp profile of its pod"),
        ["SecurityContext.procMount"] = new Refused("""{"containers":[{"name":"c","image":"i","securityContext":{"procMount":"Unmasked"}}]}""",
            "spec.containers[0].securityContext.procMount: Invalid value: \"Unmasked\": `hostUsers` must be false to use `Unmasked`"),
        ["SecurityContext.readOnlyRootFilesystem"] = new Acts("A_root_filesystem_that_is_read_only_cannot_be_written"),
        ["SecurityContext.runAsGroup"] = new Acts("A_container_is_who_its_own_context_says"),
        ["SecurityContext.runAsNonRoot"] = new RefusedByNode("""{"containers":[{"name":"c","image":"i","securityContext":{"runAsNonRoot":true,"runAsUser":0}}]}""",
            "CreateContainerConfigError", "container's runAsUser breaks non-root policy (pod: "),
        ["SecurityContext.runAsUser"] = new Acts("A_container_is_who_its_own_context_says"),
        ["SecurityContext.seLinuxOptions"] = new Warns("""{"containers":[{"name":"c","image":"i","securityContext":{"seLinuxOptions":{"type":"spc_t"}}}]}""",
            "spec.containers[0].securityContext.seLinuxOptions: has no effect on nodes without SELinux"),
        ["SecurityContext.seccompProfile"] = new RefusedByNode(
            """{"containers":[{"name":"c","image":"i","securityContext":{"seccompProfile":{"type":"Localhost","localhostProfile":"none/such.json"}}}]}""",
            "CreateContainerError", "seccomp is not supported by this node's kernel or engine",
            "A_containers_profile_goes_before_its_pods", "A_container_whose_profile_cannot_be_loaded_waits_until_it_can"),
        ["SecurityContext.windowsOptions"] = new Warns("""{"containers":[{"name":"c","image":"i","securityContext":{"windowsOptions":{"hostProcess":false}}}]}""",
            "spec.containers[0].securityContext.windowsOptions: has no effect: all nodes run Linux"),
    };

    private static Dictionary<string, FieldEntry> Probe => new()
    {
        ["Probe.exec"] = new Acts("Readiness_follows_the_probe_and_a_failing_liveness_probe_restarts"),
        ["Probe.failureThreshold"] = new Acts("Readiness_follows_the_probe_and_a_failing_liveness_probe_restarts"),
        ["Probe.grpc"] = new Acts("A_service_of_grpc_is_asked_for_its_health"),
        ["Probe.httpGet"] = new Acts("Readiness_follows_the_probe_and_a_failing_liveness_probe_restarts"),
        ["Probe.initialDelaySeconds"] = new Acts("Readiness_follows_the_probe_and_a_failing_liveness_probe_restarts"),
        ["Probe.periodSeconds"] = new Acts("Readiness_follows_the_probe_and_a_failing_liveness_probe_restarts"),
        ["Probe.successThreshold"] = new Acts("A_probe_counts_its_successes_and_its_failures"),
        ["Probe.tcpSocket"] = new Acts("Startup_readiness_and_tcp_probes_decide_when_a_pod_is_ready"),
        ["Probe.terminationGracePeriodSeconds"] = new Acts("A_probe_that_fails_gives_its_own_grace"),
        ["Probe.timeoutSeconds"] = new Acts("A_probe_that_takes_too_long_has_failed"),
    };

    private static Dictionary<string, FieldEntry> ContainerParts => new()
    {
        ["Capabilities.add"] = new Acts("Capabilities_are_added_and_dropped_with_and_without_their_prefix"),
        ["Capabilities.drop"] = new Acts("Capabilities_are_added_and_dropped_with_and_without_their_prefix"),
        ["ContainerPort.containerPort"] = new Acts("A_port_of_the_machine_leads_to_the_pod"),
        ["ContainerPort.hostIP"] = new Acts("A_port_of_one_address_is_not_open_on_another"),
        ["ContainerPort.hostPort"] = new Acts("A_port_of_the_machine_leads_to_the_pod", "A_pod_whose_port_is_taken_waits_and_leaves_nothing_behind", "Ports_of_the_machine_are_taken_once"),
        ["ContainerPort.name"] = new Informs("for those that name a port by it"),
        ["ContainerPort.protocol"] = new Acts("A_port_of_the_machine_leads_to_the_pod"),
        ["EnvVarSource.configMapKeyRef"] = new Acts("A_container_that_refers_to_a_missing_ConfigMap_starts_when_it_appears"),
        ["EnvVarSource.fieldRef"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["EnvVarSource.fileKeyRef"] = new Refused(
            """{"volumes":[{"name":"v","emptyDir":{}}],"containers":[{"name":"c","image":"i","env":[{"name":"A","valueFrom":{"fileKeyRef":{"volumeName":"v","path":"p","key":"A"}}}]}]}""",
            "spec.containers[0].env[0].valueFrom.fileKeyRef: Forbidden: variables out of files are not supported by this cluster"),
        ["EnvVarSource.resourceFieldRef"] = new Acts("A_container_is_told_what_it_is_limited_to"),
        ["EnvVarSource.secretKeyRef"] = new Acts("Environment_and_volumes_come_from_config_maps_secrets_and_the_pod_itself"),
        ["Lifecycle.postStart"] = new Acts("Hooks_run_after_the_start_and_before_the_end"),
        ["Lifecycle.preStop"] = new Acts("Hooks_run_after_the_start_and_before_the_end"),
        ["Lifecycle.stopSignal"] = new Acts("A_container_is_stopped_with_the_signal_it_asks_for"),
        ["LifecycleHandler.exec"] = new Acts("Hooks_run_after_the_start_and_before_the_end"),
        ["LifecycleHandler.httpGet"] = new Acts("A_hook_may_ask_a_server"),
        ["LifecycleHandler.sleep"] = new Acts("A_hook_may_wait"),
        ["LifecycleHandler.tcpSocket"] = new RefusedByNode("""{"containers":[{"name":"c","image":"i","lifecycle":{"postStart":{"tcpSocket":{"port":1}}}}]}""",
            "PostStartHookError", "invalid handler: missing exec, httpGet and sleep"),
        ["ResourceRequirements.claims"] = new Refused("""{"containers":[{"name":"c","image":"i","resources":{"claims":[{"name":"gpu"}]}}]}""",
            "spec.containers[0].resources.claims: Forbidden: dynamic resource allocation is not supported by this cluster"),
        ["ResourceRequirements.limits"] = new Acts("Limits_reach_the_engine"),
        ["ResourceRequirements.requests"] = new Acts("Init_containers_count_by_their_hungriest_moment", "Limits_reach_the_engine"),
        ["ResourceRequirements.limits[ephemeral-storage]"] = new Acts("A_container_that_writes_more_than_its_limit_evicts_its_pod", "What_a_container_writes_is_measured"),
    };
}
