using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks the three lists of containers of a pod: names, images, and what only some of them may have.</summary>
internal static class ContainerValidation
{
    private const string NotForInit = "may not be set for init containers without restartPolicy=Always";
    private const string NotForEphemeral = "cannot be set for an Ephemeral Container";

    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] MessagePolicies = ["File", "FallbackToLogsOnError"];
    private static readonly string[] ProbesAndHooks = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];

    private static readonly HashSet<string> EphemeralFields =
    [
        "name", "image", "command", "args", "workingDir", "envFrom", "env", "volumeMounts", "volumeDevices",
        "terminationMessagePath", "terminationMessagePolicy", "imagePullPolicy", "securityContext", "stdin", "stdinOnce", "tty",
        "targetContainerName",
    ];

    public static void ValidateAll(Field spec, IReadOnlyDictionary<string, JsonObject> volumes, FieldErrors errors)
    {
        var grace = spec["terminationGracePeriodSeconds"].Integer;
        var names = ValidateContainers(spec["containers"], volumes, grace, errors);
        ValidateInitContainers(spec["initContainers"], names, volumes, grace, errors);
        ValidateEphemeralContainers(spec["ephemeralContainers"], names, volumes, errors);
    }

    private static HashSet<string> ValidateContainers(
        Field containers, IReadOnlyDictionary<string, JsonObject> volumes, long? grace, FieldErrors errors)
    {
        var names = new HashSet<string>();
        if (containers.Node is not JsonArray { Count: > 0 })
        {
            errors.Required(containers);
            return names;
        }
        var hostPorts = new HashSet<string>();
        foreach (var container in containers.Items)
        {
            ValidateCommon(container, volumes, errors);
            if (!names.Add(container["name"].Text)) errors.Duplicate(container["name"]);
            ProbeValidation.Validate(container, grace, errors);
            if (container["restartPolicy"].Exists) errors.Forbidden(container["restartPolicy"], "may not be set for non-init containers");
            PortValidation.CheckHostPortConflicts(container["ports"], hostPorts, errors);
        }
        return names;
    }

    private static void ValidateInitContainers(
        Field containers, HashSet<string> names, IReadOnlyDictionary<string, JsonObject> volumes, long? grace, FieldErrors errors)
    {
        foreach (var container in containers.Items)
        {
            ValidateCommon(container, volumes, errors);
            var policy = container["restartPolicy"];
            if (policy.Exists && policy.Text != "Always") errors.NotSupported(policy, "Always");
            if (container["name"].Text.Length > 0 && !names.Add(container["name"].Text)) errors.Duplicate(container["name"]);
            // They run one by one: only the ports of one container can collide.
            PortValidation.CheckHostPortConflicts(container["ports"], [], errors);
            if (policy.Text == "Always") ProbeValidation.Validate(container, grace, errors);
            else
                foreach (var name in ProbesAndHooks)
                    if (container[name].Exists) errors.Forbidden(container[name], NotForInit);
        }
    }

    private static void ValidateEphemeralContainers(
        Field containers, HashSet<string> names, IReadOnlyDictionary<string, JsonObject> volumes, FieldErrors errors)
    {
        var targets = names.ToHashSet();
        foreach (var container in containers.Items)
        {
            ValidateCommon(container, volumes, errors);
            if (!names.Add(container["name"].Text)) errors.Duplicate(container["name"]);
            var target = container["targetContainerName"];
            if (target.Text.Length > 0 && !targets.Contains(target.Text)) errors.NotFound(target);
            if (container.Node is not JsonObject obj) continue;
            foreach (var (name, value) in obj)
                if (!EphemeralFields.Contains(name) && value is not JsonObject { Count: 0 }) errors.Forbidden(container[name], NotForEphemeral);
            foreach (var mount in container["volumeMounts"].Items)
                foreach (var name in (string[])["subPath", "subPathExpr"])
                    if (mount[name].Text.Length > 0) errors.Forbidden(mount[name], NotForEphemeral);
        }
    }

    private static void ValidateCommon(Field container, IReadOnlyDictionary<string, JsonObject> volumes, FieldErrors errors)
    {
        if (container["name"].Text.Length == 0) errors.Required(container["name"]);
        else Checks.Name(container["name"], Names.Dns1123Label, errors);
        if (container["image"].Text.Length == 0) errors.Required(container["image"]);
        Checks.OneOf(container["terminationMessagePolicy"], MessagePolicies, errors);
        PortValidation.Validate(container["ports"], errors);
        EnvValidation.Validate(container["env"], errors);
        EnvValidation.ValidateFrom(container["envFrom"], errors);
        VolumeMountValidation.Validate(container, volumes, errors);
        Checks.OneOf(container["imagePullPolicy"], PullPolicies, errors);
        ResourceValidation.Validate(container["resources"], errors);
        SecurityValidation.ValidateContainer(container["securityContext"], errors);
    }
}
