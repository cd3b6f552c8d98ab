using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 PodSpec</c>, of a pod or of a template. The parts have files of their own beside this one.</summary>
public static class PodSpecValidation
{
    /// <summary>As many bytes as the kernel keeps.</summary>
    private const int LongestHostName = 64;

    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];
    private static readonly string[] DnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    private static readonly string[] PreemptionPolicies = ["PreemptLowerPriority", "Never"];

    public static void Validate(Field spec, bool isTemplate, FieldErrors errors)
    {
        var volumes = VolumeValidation.Validate(spec["volumes"], errors);
        PathValidation.Validate(spec, errors);
        ContainerValidation.ValidateAll(spec, volumes, errors);
        if (spec["hostNetwork"].Flag == true) CheckHostPorts(spec, isTemplate, errors);
        Checks.OneOf(spec["restartPolicy"], RestartPolicies, errors);
        Checks.OneOf(spec["dnsPolicy"], DnsPolicies, errors);
        ObjectMetaValidation.CheckLabels(spec["nodeSelector"], errors);
        SecurityValidation.ValidatePod(spec, errors);
        PodOsValidation.Validate(spec, errors);
        AffinityValidation.Validate(spec["affinity"], errors);
        DnsValidation.ValidateConfig(spec, errors);
        CheckGates(spec, errors);
        SpreadValidation.Validate(spec["topologySpreadConstraints"], errors);
        CheckNames(spec, errors);
        TolerationValidation.Validate(spec["tolerations"], errors);
        DnsValidation.ValidateHostAliases(spec["hostAliases"], errors);
        if (spec["preemptionPolicy"].Exists) Checks.OneOf(spec["preemptionPolicy"], PreemptionPolicies, errors);
        if (spec["activeDeadlineSeconds"].Integer is < 1 or > int.MaxValue)
            errors.Invalid(spec["activeDeadlineSeconds"], $"must be between 1 and {int.MaxValue}, inclusive");
        if (spec["overhead"].Exists) ResourceValidation.CheckAmounts(spec["overhead"], errors);
    }

    private static void CheckNames(Field spec, FieldErrors errors)
    {
        Checks.Name(spec["serviceAccountName"], Names.Dns1123Subdomain, errors);
        Checks.Name(spec["nodeName"], Names.Dns1123Subdomain, errors);
        Checks.Name(spec["hostname"], Names.Dns1123Label, errors);
        Checks.Name(spec["subdomain"], Names.Dns1123Label, errors);
        CheckHostNameOverride(spec, errors);
        Checks.Name(spec["priorityClassName"], Names.Dns1123Subdomain, errors);
        Checks.Name(spec["runtimeClassName"], Names.Dns1123Subdomain, errors);
    }

    private static void CheckHostNameOverride(Field spec, FieldErrors errors)
    {
        var name = spec["hostnameOverride"];
        if (name.Text.Length == 0) return;
        Checks.Name(name, Names.Dns1123Subdomain, errors);
        if (name.Text.Length > LongestHostName) errors.TooLong(name, LongestHostName);
        if (spec["hostNetwork"].Flag == true) errors.Forbidden(name, "may not be set when `hostNetwork` is true");
        if (spec["setHostnameAsFQDN"].Flag == true) errors.Forbidden(name, "may not be set when `setHostnameAsFQDN` is true");
    }

    private static void CheckGates(Field spec, FieldErrors errors)
    {
        foreach (var gate in spec["readinessGates"].Items) Checks.QualifiedName(gate["conditionType"], errors);
        var seen = new HashSet<string>();
        foreach (var gate in spec["schedulingGates"].Items)
        {
            var name = gate["name"].Text;
            foreach (var wrong in Names.QualifiedName(name)) errors.Invalid(gate, name, wrong);
            if (!seen.Add(name)) errors.Duplicate(gate, name);
        }
    }

    // A template may leave host ports out: the pod made of it gets them.
    private static void CheckHostPorts(Field spec, bool isTemplate, FieldErrors errors)
    {
        foreach (var container in spec["containers"].Items)
            foreach (var port in container["ports"].Items)
            {
                var hostPort = port["hostPort"].Integer ?? 0;
                if ((!isTemplate || hostPort != 0) && hostPort != port["containerPort"].Integer)
                    errors.Invalid(port["hostPort"], hostPort, "must match `containerPort` when `hostNetwork` is true");
            }
    }
}
