using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.ConfigMaps;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 EnvVar</c> and <c>EnvFromSource</c>.</summary>
internal static class EnvValidation
{
    private const string NameSyntax = "a valid environment variable name must consist only of printable ASCII characters other than '='";
    private const string MoreThanOne = "may not have more than one field specified at a time";

    private static readonly string[] Sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];

    private static readonly string[] FieldPaths =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ];

    public static void Validate(Field variables, FieldErrors errors)
    {
        foreach (var variable in variables.Items)
        {
            if (variable["name"].Text.Length == 0) errors.Required(variable["name"]);
            else CheckName(variable["name"], errors);
            if (variable["valueFrom"].Exists) CheckSource(variable, variable["valueFrom"], errors);
        }
    }

    public static void ValidateFrom(Field sources, FieldErrors errors)
    {
        foreach (var source in sources.Items)
        {
            if (source["prefix"].Text.Length > 0) CheckName(source["prefix"], errors);
            var count = 0;
            foreach (var name in (string[])["configMapRef", "secretRef"])
            {
                if (!source[name].Exists) continue;
                count++;
                if (source[name]["name"].Text.Length == 0) errors.Required(source[name]["name"]);
                else Checks.Name(source[name]["name"], Names.Dns1123Subdomain, errors);
            }
            // Upstream names the whole list here, with an empty value.
            if (count == 0) errors.Invalid(sources, "", "must specify one of: `configMapRef` or `secretRef`");
            else if (count > 1) errors.Invalid(sources, "", MoreThanOne);
        }
    }

    private static void CheckName(Field name, FieldErrors errors)
    {
        if (name.Text.Any(c => c is < ' ' or > '~' or '=')) errors.Invalid(name, NameSyntax);
    }

    private static void CheckSource(Field variable, Field source, FieldErrors errors)
    {
        var count = Sources.Count(name => source[name].Exists);
        if (source["fieldRef"].Exists) DownwardValidation.CheckFieldRef(source["fieldRef"], FieldPaths, errors);
        if (source["resourceFieldRef"].Exists) DownwardValidation.CheckResourceRef(source["resourceFieldRef"], isVolume: false, errors);
        foreach (var name in (string[])["configMapKeyRef", "secretKeyRef"])
        {
            if (!source[name].Exists) continue;
            foreach (var wrong in Names.Dns1123Subdomain(source[name]["name"].Text)) errors.Invalid(source[name]["name"], source[name]["name"].Text, wrong);
            if (source[name]["key"].Text.Length == 0) errors.Required(source[name]["key"]);
            else ConfigKeys.Check(source[name]["key"], source[name]["key"].Text, errors);
        }
        if (count == 0) errors.Invalid(source, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
        else if (variable["value"].Text.Length > 0) errors.Invalid(source, "", "may not be specified when `value` is not empty");
        else if (count > 1) errors.Invalid(source, "", MoreThanOne);
    }
}
