using System.Net.Sockets;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Services;

/// <summary>Checks a service's cluster IPs, their families and the policy that says how many there are.</summary>
internal static class ServiceAddresses
{
    private const string Unchangeable = "may not change once set";

    private static readonly string[] Families = ["IPv4", "IPv6"];
    private static readonly string[] Policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

    public static bool IsHeadless(Field spec) => spec["clusterIPs"].Node is JsonArray { Count: 1 } list && list[0]?.GetValue<string>() == "None";

    public static void Validate(Field spec, FieldErrors errors)
    {
        var (address, addresses, families) = (spec["clusterIP"].Text, spec["clusterIPs"], spec["ipFamilies"]);
        var list = addresses.Items.Select(a => a.Text).ToList();
        if (address.Length > 0)
        {
            if (list.Count == 0) errors.Required(addresses);
            else if (list[0] != address) errors.Invalid(addresses, GoLiteral.Strings(list), "first value must match `clusterIP`");
        }
        else if (list.Count > 0) errors.Invalid(addresses, GoLiteral.Strings(list), "must be empty when `clusterIP` is not specified");

        CheckFamilies(spec, families, errors);
        if (!CheckAddresses(addresses, list, errors)) return;
        CheckPolicy(spec, list.Count, families.Items.Count(), errors);
        if (!IsHeadless(spec)) CheckMatch(addresses, families, errors);
    }

    /// <summary>A secondary address may be added and removed; the primary one stays as long as the service has one.</summary>
    public static void ValidateUpdate(Field spec, Field old, FieldErrors errors)
    {
        if (spec["type"].Text == "ExternalName" || old["type"].Text == "ExternalName") return;
        if (!(IsHeadless(spec) && IsHeadless(old))) CheckKept(spec, old, "clusterIPs", "clusterIP", errors);
        if (!IsHeadless(spec) && !IsHeadless(old)) CheckKept(spec, old, "ipFamilies", "ipFamily", errors);
    }

    private static void CheckKept(Field spec, Field old, string name, string singular, FieldErrors errors)
    {
        var now = spec[name].Items.Select(i => i.Text).ToList();
        var before = old[name].Items.Select(i => i.Text).ToList();
        if (before.Count == 0) return;
        var first = new Field(null, $"{spec[name].Path}[0]");
        if (now.Count == 0)
        {
            errors.Invalid(first, GoLiteral.Strings([]), $"primary {singular} can not be unset");
            return;
        }
        if (now[0] != before[0]) errors.Invalid(first, GoLiteral.Strings(now), Unchangeable);
        if (now.Count > 1 && before.Count > 1 && now[1] != before[1])
            errors.Invalid(new Field(null, $"{spec[name].Path}[1]"), GoLiteral.Strings(now), Unchangeable);
        if (now.Count == 1 && before.Count == 2 && spec["ipFamilyPolicy"].Text != "SingleStack")
            errors.Invalid(spec["ipFamilyPolicy"], $"must be set to 'SingleStack' when releasing the secondary {singular}");
    }

    private static void CheckFamilies(Field spec, Field families, FieldErrors errors)
    {
        var seen = new HashSet<string>();
        foreach (var family in families.Items)
        {
            if (!Families.Contains(family.Text)) errors.NotSupported(family, Families);
            if (!seen.Add(family.Text)) errors.Duplicate(family);
        }
        if (spec["ipFamilyPolicy"].Exists && !Policies.Contains(spec["ipFamilyPolicy"].Text)) errors.NotSupported(spec["ipFamilyPolicy"], Policies);
    }

    private static bool CheckAddresses(Field addresses, List<string> list, FieldErrors errors)
    {
        var known = errors.Count;
        if (list.Count > 1 && list[0] == "None") errors.Invalid(addresses, GoLiteral.Strings(list), "'None' must be the first and only value");
        foreach (var address in addresses.Items.Skip(list.Count > 0 && list[0] == "None" ? 1 : 0)) Checks.IP(address, errors);
        if (errors.Count > known) return false;
        if (list.Count > 2) errors.Invalid(addresses, GoLiteral.Strings(list), "may only hold up to 2 values");
        if (list.Count == 2 && Addresses.Family(list[0]) == Addresses.Family(list[1]))
            errors.Invalid(addresses, GoLiteral.Strings(list), "may specify no more than one IP for each IP family");
        return true;
    }

    private static void CheckPolicy(Field spec, int addresses, int families, FieldErrors errors)
    {
        var policy = spec["ipFamilyPolicy"];
        if (policy.Text is "PreferDualStack" or "RequireDualStack") return;
        if (addresses > 1) errors.Invalid(policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
        if (families > 1) errors.Invalid(policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
    }

    private static void CheckMatch(Field addresses, Field families, FieldErrors errors)
    {
        var index = 0;
        foreach (var (address, family) in addresses.Items.Zip(families.Items))
        {
            var expected = Addresses.Family(address.Text) == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
            if (Families.Contains(family.Text) && family.Text != expected)
                errors.Invalid(address, $"expected an {family.Text} value as indicated by `ipFamilies[{index}]`");
            index++;
        }
    }
}
