using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 VolumeMount</c> and <c>VolumeDevice</c> against the pod's volumes.</summary>
internal static class VolumeMountValidation
{
    private static readonly string[] Propagations = ["Bidirectional", "HostToContainer", "None"];
    private static readonly string[] ReadOnlyModes = ["Disabled", "Enabled", "IfPossible"];

    public static void Validate(Field container, IReadOnlyDictionary<string, JsonObject> volumes, FieldErrors errors)
    {
        var mounts = container["volumeMounts"];
        var paths = new HashSet<string>();
        foreach (var mount in mounts.Items)
        {
            var (name, path) = (mount["name"], mount["mountPath"]);
            if (name.Text.Length == 0) errors.Required(name);
            if (!volumes.ContainsKey(name.Text)) errors.NotFound(name);
            if (path.Text.Length == 0) errors.Required(path);
            if (!paths.Add(path.Text)) errors.Invalid(path, "must be unique");
            CheckSubPaths(mounts, mount, errors);
            CheckPropagation(container, mount["mountPropagation"], errors);
            CheckReadOnly(mounts, mount, errors);
        }
        ValidateDevices(container["volumeDevices"], volumes, errors);
    }

    private static void CheckSubPaths(Field mounts, Field mount, FieldErrors errors)
    {
        var (path, expression) = (mount["subPath"], mount["subPathExpr"]);
        // Upstream names the list here, not the mount.
        if (path.Text.Length > 0) Checks.DescendingPath(path with { Path = mounts["subPath"].Path }, errors);
        if (expression.Text.Length == 0) return;
        if (path.Text.Length > 0) errors.Invalid(expression, "subPathExpr and subPath are mutually exclusive");
        Checks.DescendingPath(expression with { Path = mounts["subPathExpr"].Path }, errors);
    }

    private static void CheckPropagation(Field container, Field propagation, FieldErrors errors)
    {
        if (!propagation.Exists) return;
        var place = propagation with { Path = container["volumeMounts"]["mountPropagation"].Path };
        if (!Propagations.Contains(propagation.Text)) errors.NotSupported(place, Propagations);
        else if (propagation.Text == "Bidirectional" && container["securityContext"]["privileged"].Flag != true)
            errors.Forbidden(place, "Bidirectional mount propagation is available only to privileged containers");
    }

    private static void CheckReadOnly(Field mounts, Field mount, FieldErrors errors)
    {
        var mode = mount["recursiveReadOnly"];
        if (!mode.Exists) return;
        var place = mode with { Path = mounts["recursiveReadOnly"].Path };
        if (!ReadOnlyModes.Contains(mode.Text)) errors.NotSupported(place, ReadOnlyModes);
        if (mode.Text is not ("Enabled" or "IfPossible")) return;
        if (mount["readOnly"].Flag != true) errors.Forbidden(place, "may only be specified when readOnly is true");
        if (mount["mountPropagation"].Text is not ("" or "None"))
            errors.Forbidden(place, "may only be specified when mountPropagation is None or not specified");
    }

    private static void ValidateDevices(Field devices, IReadOnlyDictionary<string, JsonObject> volumes, FieldErrors errors)
    {
        var (names, paths) = (new HashSet<string>(), new HashSet<string>());
        foreach (var device in devices.Items)
        {
            var (name, path) = (device["name"], device["devicePath"]);
            if (name.Text.Length == 0) errors.Required(name);
            else if (!names.Add(name.Text)) errors.Invalid(name, "must be unique");
            if (!volumes.TryGetValue(name.Text, out var volume)) errors.NotFound(name);
            else if (!volume.ContainsKey("persistentVolumeClaim") && !volume.ContainsKey("ephemeral"))
                errors.Invalid(name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            if (path.Text.Length == 0) errors.Required(path);
            if (!paths.Add(path.Text)) errors.Invalid(path, "must be unique");
            if (path.Text.Split('/').Contains("..")) errors.Invalid(path, "can not contain backsteps ('..')");
        }
    }
}
