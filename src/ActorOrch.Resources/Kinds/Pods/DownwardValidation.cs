using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks what a pod may learn of itself: <c>core/v1 ObjectFieldSelector</c> and <c>ResourceFieldSelector</c>.</summary>
internal static class DownwardValidation
{
    private static readonly string[] Resources =
        ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

    private static readonly string[] Subscripted = ["metadata.annotations", "metadata.labels"];

    // What the conversion of v1's field labels knows; all else fails before it is compared with what is supported here.
    private static readonly HashSet<string> Convertible =
    [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
        "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "status.phase", "status.hostIP", "status.hostIPs",
        "status.podIP", "status.podIPs", "spec.host",
    ];

    /// <param name="supported">The paths that may be named here, besides one label or one annotation.</param>
    public static void CheckFieldRef(Field reference, string[] supported, FieldErrors errors)
    {
        var path = reference["fieldPath"].Text;
        if (reference["apiVersion"].Text.Length == 0) errors.Required(reference["apiVersion"]);
        else if (path.Length == 0) errors.Required(reference["fieldPath"]);
        else if (reference["apiVersion"].Text != "v1")
            errors.Invalid(reference["fieldPath"], $"error converting fieldPath: unsupported pod version: {reference["apiVersion"].Text}");
        else if (path.EndsWith("']", StringComparison.Ordinal) && path.IndexOf("['", StringComparison.Ordinal) is var bracket and >= 0)
            CheckSubscript(reference, path[..bracket], path[(bracket + 2)..^2], errors);
        else if (!Convertible.Contains(path))
            errors.Invalid(reference["fieldPath"], $"error converting fieldPath: field label not supported: {path}");
        else if (!supported.Contains(path)) errors.NotSupported(reference["fieldPath"], supported);
    }

    public static void CheckResourceRef(Field reference, bool isVolume, FieldErrors errors)
    {
        var resource = reference["resource"].Text;
        if (isVolume && reference["containerName"].Text.Length == 0) errors.Required(reference["containerName"]);
        else if (resource.Length == 0) errors.Required(reference["resource"]);
        else if (!Resources.Contains(resource)
            && !resource.StartsWith("limits.hugepages-", StringComparison.Ordinal)
            && !resource.StartsWith("requests.hugepages-", StringComparison.Ordinal))
            errors.NotSupported(reference["resource"], Resources);
        CheckDivisor(reference, resource, errors);
    }

    private static void CheckSubscript(Field reference, string path, string key, FieldErrors errors)
    {
        if (!Subscripted.Contains(path))
        {
            errors.Invalid(reference["fieldPath"], reference["fieldPath"].Text,
                $"error converting fieldPath: field label does not support subscript: {path}");
            return;
        }
        if (path == "metadata.annotations") key = key.ToLowerInvariant();
        foreach (var wrong in Names.QualifiedName(key)) errors.Invalid(reference, key, wrong);
    }

    private static void CheckDivisor(Field reference, string resource, FieldErrors errors)
    {
        if (!ResourceDefaults.TryRead(reference["divisor"].Node, out var divisor) || divisor.IsZero) return;
        var what = resource.EndsWith(".cpu", StringComparison.Ordinal) ? "cpu"
            : resource.EndsWith(".memory", StringComparison.Ordinal) ? "memory"
            : resource.EndsWith(".ephemeral-storage", StringComparison.Ordinal) ? "local ephemeral storage"
            : resource.Contains(".hugepages-", StringComparison.Ordinal) ? "hugepages"
            : null;
        if (what is null) return;
        var text = divisor.ToString();
        if (what == "cpu")
        {
            if (text is not ("1" or "1m"))
                errors.Invalid(reference["divisor"], resource, "only divisor's values 1m and 1 are supported with the cpu resource");
        }
        else if (text is not ("1" or "1k" or "1M" or "1G" or "1T" or "1P" or "1E" or "1Ki" or "1Mi" or "1Gi" or "1Ti" or "1Pi" or "1Ei"))
            errors.Invalid(reference["divisor"], resource,
                $"only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the {what} resource");
    }
}
