using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;

namespace ActorOrch.Resources.Kinds.Endpoints;

/// <summary>Checks <c>core/v1 Endpoints</c>.</summary>
internal static class EndpointsValidation
{
    public static void Validate(Field obj, FieldErrors errors)
    {
        foreach (var subset in obj["subsets"].Items)
        {
            if (!subset["addresses"].Items.Any() && !subset["notReadyAddresses"].Items.Any())
                errors.Required(subset, "must specify `addresses` or `notReadyAddresses`");
            foreach (var address in subset["addresses"].Items.Concat(subset["notReadyAddresses"].Items)) CheckAddress(address, errors);
            var areSeveral = subset["ports"].Items.Skip(1).Any();
            foreach (var port in subset["ports"].Items) CheckPort(port, areSeveral, errors);
        }
    }

    private static void CheckAddress(Field address, FieldErrors errors)
    {
        Checks.IP(address["ip"], errors);
        Checks.Name(address["hostname"], Names.Dns1123Label, errors);
        Checks.Name(address["nodeName"], Names.Dns1123Subdomain, errors);
        Addresses.NotSpecial(address["ip"], errors);
    }

    private static void CheckPort(Field port, bool needsName, FieldErrors errors)
    {
        if (needsName && port["name"].Text.Length == 0) errors.Required(port["name"]);
        Checks.Name(port["name"], Names.Dns1123Label, errors);
        if (!Checks.IsPort(port["port"].Integer)) errors.Invalid(port["port"], port["port"].Integer ?? 0, Checks.PortRange);
        Checks.OneOf(port["protocol"], PortValidation.Protocols, errors);
        if (port["appProtocol"].Exists) Checks.QualifiedName(port["appProtocol"], errors);
    }
}
