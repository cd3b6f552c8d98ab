using System.Net.Sockets;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;

namespace ActorOrch.Resources.Kinds.EndpointSlices;

/// <summary>Checks <c>discovery.k8s.io/v1 EndpointSlice</c>.</summary>
internal static class EndpointSliceValidation
{
    private const int MostEndpoints = 1000;
    private const int MostAddresses = 100;
    private const int MostPorts = 20000;

    private static readonly string[] AddressTypes = ["FQDN", "IPv4", "IPv6"];

    public static void Validate(Field slice, FieldErrors errors)
    {
        var type = slice["addressType"];
        Checks.OneOf(type, AddressTypes, errors);
        var endpoints = slice["endpoints"];
        var count = endpoints.Items.Count();
        if (count > MostEndpoints)
        {
            errors.TooMany(endpoints, count, MostEndpoints);
            return;
        }
        foreach (var endpoint in endpoints.Items) CheckEndpoint(endpoint, type.Text, errors);
        CheckPorts(slice["ports"], errors);
    }

    private static void CheckEndpoint(Field endpoint, string type, FieldErrors errors)
    {
        var addresses = endpoint["addresses"];
        var count = addresses.Items.Count();
        if (count == 0) errors.Required(addresses, "must contain at least 1 endpoint");
        else if (count > MostAddresses) errors.TooMany(addresses, count, MostAddresses);
        foreach (var address in addresses.Items)
            if (type == "FQDN") Checks.Name(address, Names.Dns1123Subdomain, errors);
            else
            {
                var family = Addresses.Family(address.Text);
                if (type == "IPv4" && family != AddressFamily.InterNetwork) errors.Invalid(address, "must be an IPv4 address");
                if (type == "IPv6" && family != AddressFamily.InterNetworkV6) errors.Invalid(address, "must be an IPv6 address");
                Addresses.NotSpecial(address, errors);
            }
        Checks.Name(endpoint["nodeName"], Names.Dns1123Subdomain, errors);
        Checks.Name(endpoint["hostname"], Names.Dns1123Label, errors);
    }

    private static void CheckPorts(Field ports, FieldErrors errors)
    {
        var count = ports.Items.Count();
        if (count > MostPorts)
        {
            errors.TooMany(ports, count, MostPorts);
            return;
        }
        var names = new HashSet<string>();
        foreach (var port in ports.Items)
        {
            Checks.Name(port["name"], Names.Dns1123Label, errors);
            if (!names.Add(port["name"].Text)) errors.Duplicate(port["name"]);
            Checks.OneOf(port["protocol"], PortValidation.Protocols, errors);
            if (port["appProtocol"].Exists) Checks.QualifiedName(port["appProtocol"], errors);
        }
    }
}
