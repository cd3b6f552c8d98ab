using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;

namespace ActorOrch.Resources.Kinds.Services;

/// <summary>Checks <c>core/v1 ServicePort</c>.</summary>
internal static class ServicePorts
{
    public const long FirstNodePort = 30000;
    public const long LastNodePort = 32767;

    public static void Validate(Field ports, string type, FieldErrors errors)
    {
        var names = new HashSet<string>();
        var areSeveral = ports.Items.Skip(1).Any();
        foreach (var port in ports.Items) CheckPort(port, areSeveral, names, errors);
        if (type == "ClusterIP")
            foreach (var port in ports.Items)
                if (NodePort(port) != 0) errors.Forbidden(port["nodePort"], "may not be used when `type` is 'ClusterIP'");
        CheckDuplicates(ports, errors);
    }

    private static void CheckPort(Field port, bool needsName, HashSet<string> names, FieldErrors errors)
    {
        var name = port["name"];
        if (name.Text.Length > 0)
        {
            Checks.Name(name, Names.Dns1123Label, errors);
            if (!names.Add(name.Text)) errors.Duplicate(name);
        }
        else if (needsName) errors.Required(name);
        if (!Checks.IsPort(port["port"].Integer)) errors.Invalid(port["port"], port["port"].Integer ?? 0, Checks.PortRange);
        Checks.OneOf(port["protocol"], PortValidation.Protocols, errors);
        Checks.PortNumberOrName(port["targetPort"], errors);
        if (port["appProtocol"].Exists) Checks.QualifiedName(port["appProtocol"], errors);
        if (NodePort(port) is not 0 and (< FirstNodePort or > LastNodePort))
            errors.Invalid(port["nodePort"], $"provided port is not in the valid range. The range of valid ports is {FirstNodePort}-{LastNodePort}");
    }

    private static void CheckDuplicates(Field ports, FieldErrors errors)
    {
        var nodePorts = new HashSet<(string, long)>();
        foreach (var port in ports.Items)
            if (NodePort(port) is not 0 and var number && !nodePorts.Add((port["protocol"].Text, number))) errors.Duplicate(port["nodePort"]);
        var seen = new HashSet<(string, long?)>();
        foreach (var port in ports.Items)
            if (!seen.Add((port["protocol"].Text, port["port"].Integer)))
                errors.Duplicate(port, GoLiteral.ServicePort(port["protocol"].Text, port["port"].Integer ?? 0));
    }

    private static long NodePort(Field port) => port["nodePort"].Integer ?? 0;
}
