using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>
/// What a pod may ask for and does not get here. What would run as something else than it asks for is refused; where the pod is what it
/// should be and something around it is missing, its writer is told. The rest of the table is in the agent's tests.
/// </summary>
internal static class PodSupport
{
    private const string NoClaims = "dynamic resource allocation is not supported by this cluster";

    /// <summary>The sources of volumes that nodes mount. A volume without any is an empty directory.</summary>
    private static readonly string[] MountedSources = ["configMap", "downwardAPI", "emptyDir", "hostPath", "projected", "secret"];

    private static readonly string[] AppArmorAnnotations = ["container.apparmor.security.beta.kubernetes.io/"];
    private static readonly string[] SeccompAnnotations = ["seccomp.security.alpha.kubernetes.io/", "container.seccomp.security.alpha.kubernetes.io/"];

    /// <summary>Refuses what no pod may be created with.</summary>
    public static void Refuse(Field spec, FieldErrors errors)
    {
        foreach (var (field, why) in Refused(spec)) errors.Forbidden(field, why);
    }

    /// <summary>The same for a template, whose pods will be refused: its writer should know now.</summary>
    public static IEnumerable<string> TemplateWarnings(Field spec)
    {
        foreach (var (field, why) in Refused(spec)) yield return $"{field.Path}: {why}: the pods of this template will be refused";
        var name = spec["runtimeClassName"];
        if (name.Text.Length > 0) yield return $"{name.Path}: RuntimeClass \"{name.Text}\" not found: the pods of this template will be refused";
    }

    private static IEnumerable<(Field Field, string Why)> Refused(Field spec)
    {
        if (spec["resourceClaims"].Items.Any()) yield return (spec["resourceClaims"], NoClaims);
        if (spec["resources"]["limits"].Entries.Any() || spec["resources"]["requests"].Entries.Any())
            yield return (spec["resources"], "resources of a whole pod are not supported by this cluster: set them on its containers");
        if (spec["schedulingGroup"].Entries.Any()) yield return (spec["schedulingGroup"], "scheduling in groups is not supported by this cluster");
        foreach (var container in PodContainers.Of(spec))
        {
            if (container["resources"]["claims"].Items.Any()) yield return (container["resources"]["claims"], NoClaims);
            if (container["restartPolicyRules"].Items.Any())
                yield return (container["restartPolicyRules"], "rules of restarts are not supported by this cluster");
            foreach (var variable in container["env"].Items)
                if (variable["valueFrom"]["fileKeyRef"].Exists)
                    yield return (variable["valueFrom"]["fileKeyRef"], "variables out of files are not supported by this cluster");
            foreach (var mount in container["volumeMounts"].Items)
                if (mount["bindMountOptions"].Items.Any())
                    yield return (mount["bindMountOptions"], "mount options are not supported by this cluster");
        }
        foreach (var volume in spec["volumes"].Items)
        {
            if (volume["emptyDir"]["mode"].Exists) yield return (volume["emptyDir"]["mode"], "the mode of an emptyDir is not supported by this cluster");
            foreach (var source in volume["projected"]["sources"].Items)
                foreach (var name in (string[])["clusterTrustBundle", "podCertificate"])
                    if (source[name].Exists) yield return (source[name], "this source is not supported by this cluster");
        }
    }

    /// <summary>What is accepted and has no effect, or less than it says.</summary>
    public static IEnumerable<string> Warnings(Field spec)
    {
        if (spec["evictionResponders"].Items.Any()) yield return $"{spec["evictionResponders"].Path}: not supported by this cluster: evictions do not wait for them";
        if (spec["imagePullSecrets"].Items.Any()) yield return $"{spec["imagePullSecrets"].Path}: not supported by this cluster: images are pulled with the credentials of the nodes";
        if (spec["automountServiceAccountToken"].Flag == true)
            yield return $"{spec["automountServiceAccountToken"].Path}: has no effect: the cluster issues no service account tokens";
        if (spec["hostNetwork"].Flag == true && spec["hostAliases"].Items.Any())
            yield return $"{spec["hostAliases"].Path}: has no effect on a pod with hostNetwork: its hosts file is the node's";
        foreach (var warning in ContextWarnings(spec["securityContext"])) yield return warning;
        foreach (var volume in spec["volumes"].Items)
        {
            foreach (var (name, _) in volume.Entries)
                if (name != "name" && !MountedSources.Contains(name)) yield return $"{volume[name].Path}: volumes of this kind are not supported by this cluster: a pod with one does not start";
            foreach (var source in volume["projected"]["sources"].Items)
                if (source["serviceAccountToken"].Exists)
                    yield return $"{source["serviceAccountToken"].Path}: the cluster issues no service account tokens: a pod with one does not start";
        }
        foreach (var container in PodContainers.Of(spec))
        {
            var context = container["securityContext"];
            foreach (var warning in ContextWarnings(context)) yield return warning;
            if (context["privileged"].Flag == true && (context["seccompProfile"]["type"].Text is { Length: > 0 } own ? own : spec["securityContext"]["seccompProfile"]["type"].Text) is "Localhost" or "RuntimeDefault")
                yield return $"{context["privileged"].Path}: a privileged container runs without the seccomp profile of its pod";
        }
    }

    /// <summary>As upstream: what annotations once said is said by fields now.</summary>
    public static IEnumerable<string> AnnotationWarnings(Field annotations)
    {
        foreach (var (key, value) in annotations.Entries)
        {
            if (AppArmorAnnotations.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))
                yield return $"{value.Path}: deprecated since v1.30; use the \"appArmorProfile\" field instead";
            if (SeccompAnnotations.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))
                yield return $"{value.Path}: non-functional in v1.27+; use the \"seccompProfile\" field instead";
        }
    }

    private static IEnumerable<string> ContextWarnings(Field context)
    {
        if (context["seLinuxOptions"].Entries.Any()) yield return $"{context["seLinuxOptions"].Path}: has no effect on nodes without SELinux";
        if (context["seLinuxChangePolicy"].Exists) yield return $"{context["seLinuxChangePolicy"].Path}: has no effect on nodes without SELinux";
        if (context["windowsOptions"].Entries.Any()) yield return $"{context["windowsOptions"].Path}: has no effect: all nodes run Linux";
    }
}
