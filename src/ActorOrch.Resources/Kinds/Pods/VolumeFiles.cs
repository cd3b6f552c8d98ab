using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks the files that configMap, secret, downwardAPI and projected volumes are made of.</summary>
internal static class VolumeFiles
{
    private const long MostMode = 511;
    private const string ModeRange = "must be a number between 0 and 0777 (octal), both inclusive";

    public static void CheckMode(Field mode, FieldErrors errors)
    {
        if (mode.Integer is < 0 or > MostMode) errors.Invalid(mode, ModeRange);
    }

    public static void CheckKeys(Field items, FieldErrors errors)
    {
        foreach (var item in items.Items)
        {
            if (item["key"].Text.Length == 0) errors.Required(item["key"]);
            CheckPath(item["path"], errors);
            CheckMode(item["mode"], errors);
        }
    }

    public static void CheckDownward(Field items, FieldErrors errors)
    {
        foreach (var item in items.Items)
        {
            CheckPath(item["path"], errors);
            var (field, resource) = (item["fieldRef"], item["resourceFieldRef"]);
            if (field.Exists)
            {
                DownwardValidation.CheckFieldRef(field, VolumeValidation.DownwardPaths, errors);
                if (resource.Exists) errors.Invalid(item, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
            else if (resource.Exists) DownwardValidation.CheckResourceRef(resource, isVolume: true, errors);
            else errors.Required(item, "one of fieldRef and resourceFieldRef is required");
            CheckMode(item["mode"], errors);
        }
    }

    public static void CheckProjected(Field source, FieldErrors errors)
    {
        CheckMode(source["defaultMode"], errors);
        var paths = new HashSet<string>();
        foreach (var projection in source["sources"].Items)
        {
            var found = false;
            foreach (var (name, value) in (projection.Node as JsonObject) ?? [])
            {
                if (value is not JsonObject) continue;
                if (found) errors.Forbidden(projection[name], "may not specify more than 1 volume type");
                else CheckProjection(name, projection[name], paths, errors);
                found = true;
            }
            if (!found) errors.Required(projection, "exactly one volume source is required");
        }
    }

    private static void CheckProjection(string name, Field source, HashSet<string> paths, FieldErrors errors)
    {
        switch (name)
        {
            case "secret" or "configMap":
                if (source["name"].Text.Length == 0) errors.Required(source["name"]);
                CheckKeys(source["items"], errors);
                CheckConflicts(source["items"], paths, errors);
                break;
            case "downwardAPI":
                CheckDownward(source["items"], errors);
                CheckConflicts(source["items"], paths, errors);
                break;
            case "serviceAccountToken":
                var seconds = source["expirationSeconds"];
                if (seconds.Integer is < 600) errors.Invalid(seconds, "may not specify a duration less than 10 minutes");
                if (seconds.Integer is > uint.MaxValue) errors.Invalid(seconds, "may not specify a duration larger than 2^32 seconds");
                if (source["path"].Text.Length == 0) errors.Required(source["path"]);
                else CheckPath(source["path"], errors);
                break;
        }
    }

    private static void CheckConflicts(Field items, HashSet<string> paths, FieldErrors errors)
    {
        foreach (var item in items.Items)
            if (item["path"].Text is { Length: > 0 } path && !paths.Add(path)) errors.Invalid(items, path, $"conflicting duplicate paths");
    }

    private static void CheckPath(Field path, FieldErrors errors)
    {
        if (path.Text.Length == 0)
        {
            errors.Required(path);
            return;
        }
        Checks.DescendingPath(path, errors);
        // The kubelet keeps its own files under names that begin so.
        if (path.Text.StartsWith("..", StringComparison.Ordinal) && !path.Text.StartsWith("../", StringComparison.Ordinal))
            errors.Invalid(path, "must not start with '..'");
    }
}
