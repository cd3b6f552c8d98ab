using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 Volume</c>: a name of its own, and exactly one source.</summary>
internal static class VolumeValidation
{
    private static readonly string[] HostPathTypes =
        ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

    internal static readonly string[] DownwardPaths = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

    /// <returns>The volumes by name, for the mounts to be checked against.</returns>
    public static IReadOnlyDictionary<string, JsonObject> Validate(Field volumes, FieldErrors errors)
    {
        var known = new Dictionary<string, JsonObject>();
        foreach (var volume in volumes.Items)
        {
            var name = volume["name"];
            CheckSource(volume, errors);
            if (name.Text.Length == 0) errors.Required(name);
            else
            {
                Checks.Name(name, Names.Dns1123Label, errors);
                if (volume.Node is JsonObject obj && !known.TryAdd(name.Text, obj)) errors.Duplicate(name);
            }
        }
        return known;
    }

    private static void CheckSource(Field volume, FieldErrors errors)
    {
        var found = false;
        foreach (var (name, value) in (volume.Node as JsonObject) ?? [])
        {
            if (name == "name" || value is not JsonObject) continue;
            var source = volume[name];
            if (found)
            {
                errors.Forbidden(source, "may not specify more than 1 volume type");
                continue;
            }
            found = true;
            CheckSource(name, source, errors);
        }
        if (!found) errors.Required(volume, "must specify a volume type");
    }

    private static void CheckSource(string name, Field source, FieldErrors errors)
    {
        switch (name)
        {
            case "emptyDir":
                CheckEmptyDir(source, errors);
                break;
            case "hostPath":
                if (source["path"].Text.Length == 0) errors.Required(source["path"]);
                else Checks.NoBacksteps(source["path"], errors);
                if (source["type"].Exists && !HostPathTypes.Contains(source["type"].Text)) errors.NotSupported(source["type"], HostPathTypes);
                break;
            case "secret":
                if (source["secretName"].Text.Length == 0) errors.Required(source["secretName"]);
                VolumeFiles.CheckMode(source["defaultMode"], errors);
                VolumeFiles.CheckKeys(source["items"], errors);
                break;
            case "configMap":
                if (source["name"].Text.Length == 0) errors.Required(source["name"]);
                VolumeFiles.CheckMode(source["defaultMode"], errors);
                VolumeFiles.CheckKeys(source["items"], errors);
                break;
            case "downwardAPI":
                VolumeFiles.CheckMode(source["defaultMode"], errors);
                VolumeFiles.CheckDownward(source["items"], errors);
                break;
            case "projected":
                VolumeFiles.CheckProjected(source, errors);
                break;
            case "persistentVolumeClaim":
                if (source["claimName"].Text.Length == 0) errors.Required(source["claimName"]);
                break;
            case "nfs":
                if (source["server"].Text.Length == 0) errors.Required(source["server"]);
                if (source["path"].Text.Length == 0) errors.Required(source["path"]);
                else if (!source["path"].Text.StartsWith('/')) errors.Invalid(source["path"], "must be an absolute path");
                break;
            case "csi":
                if (source["driver"].Text.Length == 0) errors.Required(source["driver"]);
                break;
        }
    }

    private static void CheckEmptyDir(Field source, FieldErrors errors)
    {
        var limit = source["sizeLimit"];
        if (limit.Exists)
        {
            if (!ResourceDefaults.TryRead(limit.Node, out var quantity)) errors.Invalid(limit, Quantity.FormatError);
            else if (quantity.Sign < 0) errors.Forbidden(limit, "SizeLimit field must be a valid resource quantity");
        }
        var medium = source["medium"];
        if (medium.Text is not ("" or "Memory" or "HugePages") && !medium.Text.StartsWith("HugePages-", StringComparison.Ordinal))
            errors.NotSupported(medium, "", "HugePages", "Memory");
    }
}
