using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Ingresses;

/// <summary>Checks <c>networking.k8s.io/v1 Ingress</c>.</summary>
internal static class IngressValidation
{
    private static readonly string[] PathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

    // A path that contains one of these may mean something else to the server than to the controller.
    private static readonly string[] PathSequences = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] PathEnds = ["/..", "/."];

    public static void Validate(Field spec, FieldErrors errors)
    {
        if (spec["rules"].Items.Any())
            foreach (var rule in spec["rules"].Items) CheckRule(rule, errors);
        else if (!spec["defaultBackend"].Exists) errors.Invalid(spec, "", "either `defaultBackend` or `rules` must be specified");
        if (spec["defaultBackend"].Exists) CheckBackend(spec["defaultBackend"], errors);
        foreach (var tls in spec["tls"].Items)
            foreach (var host in tls["hosts"].Items) CheckHost(host, errors);
        Checks.Name(spec["ingressClassName"], Names.Dns1123Subdomain, errors);
    }

    private static void CheckRule(Field rule, FieldErrors errors)
    {
        var host = rule["host"];
        if (NetworkAddress.TryParse(host.Text, out _)) errors.Invalid(host, "must be a DNS name, not an IP address");
        else CheckHost(host, errors);
        if (!rule["http"].Exists) return;
        if (!rule["http"]["paths"].Items.Any()) errors.Required(rule["http"]["paths"]);
        foreach (var path in rule["http"]["paths"].Items) CheckPath(path, errors);
    }

    private static void CheckHost(Field host, FieldErrors errors)
    {
        if (!host.Text.Contains('*', StringComparison.Ordinal)) Checks.Name(host, Names.Dns1123Subdomain, errors);
        else if (!host.Text.StartsWith("*.", StringComparison.Ordinal) || Names.Dns1123Subdomain(host.Text[2..]).Any())
            errors.Invalid(host, "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    private static void CheckPath(Field path, FieldErrors errors)
    {
        var (text, type) = (path["path"], path["pathType"]);
        if (type.Text.Length == 0) errors.Required(type, "pathType must be specified");
        else if (!PathTypes.Contains(type.Text)) errors.NotSupported(type, PathTypes);
        else if (type.Text == "ImplementationSpecific")
        {
            if (text.Text.Length > 0 && !text.Text.StartsWith('/')) errors.Invalid(text, "must be an absolute path");
        }
        else
        {
            if (!text.Text.StartsWith('/')) errors.Invalid(text, text.Text, "must be an absolute path");
            foreach (var sequence in PathSequences)
                if (text.Text.Contains(sequence, StringComparison.Ordinal)) errors.Invalid(text, $"must not contain '{sequence}'");
            foreach (var end in PathEnds)
                if (text.Text.EndsWith(end, StringComparison.Ordinal)) errors.Invalid(text, $"cannot end with '{end}'");
        }
        CheckBackend(path["backend"], errors);
    }

    private static void CheckBackend(Field backend, FieldErrors errors)
    {
        var (service, resource) = (backend["service"], backend["resource"]);
        if (service.Exists && resource.Exists) errors.Invalid(backend, "", "cannot set both resource and service backends");
        else if (resource.Exists)
        {
            foreach (var name in (string[])["kind", "name"])
                if (resource[name].Text.Length == 0) errors.Required(resource[name]);
        }
        else if (service["name"].Text.Length == 0) errors.Required(service["name"]);
        else
        {
            Checks.Name(service["name"], Names.Dns1035Label, errors);
            CheckPort(service["port"], errors);
        }
    }

    private static void CheckPort(Field port, FieldErrors errors)
    {
        var (name, number) = (port["name"], port["number"]);
        if (name.Text.Length > 0 && number.Integer is not (null or 0)) errors.Invalid(port, "cannot set both port name & port number");
        else if (name.Text.Length > 0) Checks.PortName(name, errors);
        else if (number.Integer is null or 0) errors.Required(port, "port name or number is required");
        else if (!Checks.IsPort(number.Integer)) errors.Invalid(number, Checks.PortRange);
    }
}
