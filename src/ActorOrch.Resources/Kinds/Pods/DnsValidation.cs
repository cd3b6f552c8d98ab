using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 PodDNSConfig</c> and <c>HostAlias</c>. The limits are those of the C library's resolver.</summary>
internal static class DnsValidation
{
    private const int MostServers = 3;
    private const int MostSearches = 32;
    private const int MostSearchCharacters = 2048;

    public static void ValidateConfig(Field spec, FieldErrors errors)
    {
        var config = spec["dnsConfig"];
        if (spec["dnsPolicy"].Text == "None")
        {
            if (!config.Exists) errors.Required(config, "must provide `dnsConfig` when `dnsPolicy` is None");
            else if (!config["nameservers"].Items.Any())
                errors.Required(config["nameservers"], "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        CheckCount(config["nameservers"], MostServers, "nameservers", errors);
        foreach (var server in config["nameservers"].Items) Checks.IP(server, errors);
        CheckSearches(config["searches"], errors);
        foreach (var option in config["options"].Items)
            if (option["name"].Text.Length == 0) errors.Required(option, "must not be empty");
    }

    public static void ValidateHostAliases(Field aliases, FieldErrors errors)
    {
        foreach (var alias in aliases.Items)
        {
            Checks.IP(alias["ip"], errors);
            foreach (var name in alias["hostnames"].Items)
                foreach (var wrong in Names.Dns1123Subdomain(name.Text)) errors.Invalid(name, wrong);
        }
    }

    private static void CheckSearches(Field searches, FieldErrors errors)
    {
        CheckCount(searches, MostSearches, "search paths", errors);
        if (searches.Items.Sum(s => s.Text.Length + 1) - 1 > MostSearchCharacters)
            errors.Invalid(searches, $"must not have more than {MostSearchCharacters} characters (including spaces) in the search list");
        foreach (var search in searches.Items)
        {
            var name = search.Text.EndsWith('.') ? search.Text[..^1] : search.Text;
            foreach (var wrong in Names.Dns1123Subdomain(name)) errors.Invalid(search, name, wrong);
        }
    }

    private static void CheckCount(Field list, int most, string what, FieldErrors errors)
    {
        if (list.Node is JsonArray array && array.Count > most) errors.Invalid(list, $"must not have more than {most} {what}");
    }
}
