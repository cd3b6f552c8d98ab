using System.Text.RegularExpressions;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 PodSecurityContext</c> and <c>SecurityContext</c>.</summary>
internal static partial class SecurityValidation
{
    private const string IdRange = "must be between 0 and 2147483647, inclusive";

    private static readonly string[] ChangePolicies = ["Always", "OnRootMismatch"];
    private static readonly string[] ProfileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];
    private static readonly string[] SupplementalPolicies = ["Merge", "Strict"];
    private static readonly string[] ProcMounts = ["Default", "Unmasked"];

    public static void ValidatePod(Field spec, FieldErrors errors)
    {
        var context = spec["securityContext"];
        foreach (var name in (string[])["fsGroup", "runAsUser", "runAsGroup"]) CheckId(context[name], errors);
        foreach (var group in context["supplementalGroups"].Items) CheckId(group, errors);
        if (spec["shareProcessNamespace"].Flag == true && spec["hostPID"].Flag == true)
            errors.Invalid(context["shareProcessNamespace"], true, "ShareProcessNamespace and HostPID cannot both be enabled");
        CheckSysctls(spec, context["sysctls"], errors);
        CheckWord(context["fsGroupChangePolicy"], ChangePolicies, errors);
        CheckWord(context["supplementalGroupsPolicy"], SupplementalPolicies, errors);
        CheckProfile(context["seccompProfile"], "seccomp", "seccompProfile", errors);
        CheckProfile(context["appArmorProfile"], "AppArmor", "appArmorProfile", errors);
        if (spec["hostUsers"].Flag != false)
        {
            foreach (var container in PodContainers.Of(spec))
                if (container["securityContext"]["procMount"] is { Text: "Unmasked" } mount) errors.Invalid(mount, "`hostUsers` must be false to use `Unmasked`");
            return;
        }
        foreach (var (name, path) in ((string, string)[])[("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")])
            if (spec[name].Flag == true) errors.Forbidden(spec[path], "when `pod.Spec.HostUsers` is false");
    }

    public static void ValidateContainer(Field context, FieldErrors errors)
    {
        if (!context.Exists) return;
        CheckId(context["runAsUser"], errors);
        CheckId(context["runAsGroup"], errors);
        CheckWord(context["procMount"], ProcMounts, errors);
        CheckProfile(context["seccompProfile"], "seccomp", "seccompProfile", errors);
        CheckProfile(context["appArmorProfile"], "AppArmor", "appArmorProfile", errors);
        if (context["allowPrivilegeEscalation"].Flag != false) return;
        if (context["privileged"].Flag == true)
            errors.Invalid(context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        if (context["capabilities"]["add"].Items.Any(c => c.Text == "CAP_SYS_ADMIN"))
            errors.Invalid(context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }

    private static void CheckId(Field id, FieldErrors errors)
    {
        if (id.Integer is < 0 or > int.MaxValue) errors.Invalid(id, IdRange);
    }

    private static void CheckWord(Field field, string[] supported, FieldErrors errors)
    {
        if (field.Exists && !supported.Contains(field.Text)) errors.NotSupported(field, supported);
    }

    private static void CheckProfile(Field profile, string what, string name, FieldErrors errors)
    {
        if (!profile.Exists) return;
        var (type, local) = (profile["type"], profile["localhostProfile"]);
        if (type.Text.Length == 0) errors.Required(type, $"type is required when {name} is set");
        else if (!ProfileTypes.Contains(type.Text)) errors.NotSupported(type, ProfileTypes);
        if (type.Text == "Localhost")
        {
            if (local.Text.Length == 0) errors.Required(local, $"must be set when {what} type is Localhost");
            else if (what == "seccomp") Checks.DescendingPath(local, errors);
        }
        else if (local.Exists) errors.Invalid(local, $"can only be set when {what} type is Localhost");
    }

    private static void CheckSysctls(Field spec, Field sysctls, FieldErrors errors)
    {
        var seen = new HashSet<string>();
        foreach (var sysctl in sysctls.Items)
        {
            var name = sysctl["name"];
            if (name.Text.Length == 0) errors.Required(name);
            else if (name.Text.Length > 253 || !SysctlName().IsMatch(name.Text))
                errors.Invalid(name, @"must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
            else if (seen.Contains(name.Text)) errors.Duplicate(name);
            seen.Add(name.Text);
            var dotted = name.Text.Replace('/', '.');
            if (spec["hostNetwork"].Flag == true && dotted.StartsWith("net.", StringComparison.Ordinal))
                errors.Invalid(name, "may not be specified when 'hostNetwork' is true");
            if (spec["hostIPC"].Flag == true && (dotted.StartsWith("kernel.shm", StringComparison.Ordinal)
                || dotted.StartsWith("kernel.msg", StringComparison.Ordinal) || dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal) || dotted == "kernel.sem"))
                errors.Invalid(name, "may not be specified when 'hostIPC' is true");
        }
    }

    [GeneratedRegex(@"\A([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex SysctlName();
}
