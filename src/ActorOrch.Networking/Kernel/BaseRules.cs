using System.Net;
using System.Text;

namespace ActorOrch.Networking.Kernel;

/// <summary>
/// The part of a table that is there without any service: its sets, its hooks, and what holds for all services alike. Translation hooks in
/// just before the usual priorities, so that services come before the engine's published ports.
/// </summary>
public static class BaseRules
{
    public const string PodCidrs = "pod-cidrs";
    public const string LocalPods = "local-pods";

    /// <summary>Pairs of an address with itself: a pod that reaches itself through a service must see another source, or its replies never leave it.</summary>
    public const string Hairpin = "hairpin";
    public const string ServiceIPs = "service-ips";
    public const string ServicePorts = "service-ports";

    /// <summary>Service addresses that lead nowhere, with what is done about it.</summary>
    public const string RefusedIPs = "refused-ips";
    public const string RefusedPorts = "refused-ports";
    public const string Refuse = "refuse";

    /// <param name="bridgeFiltered">Whether packets between ports of a bridge pass netfilter (<c>bridge-nf-call-iptables</c>).</param>
    public static void Append(StringBuilder script, NftFamily family, NetworkSettings settings, bool bridgeFiltered)
    {
        var table = $"{family.Table} {settings.TableName}";
        var (header, type) = (family.Table, family.AddressType);
        var masquerade = $"0x{settings.MasqueradeMark:x}";

        // Deleting what was just added makes the replacement work whether or not a table was there; the kernel takes all of it at once.
        script.Append($"add table {table}\ndelete table {table}\nadd table {table}\n");
        AddNetworks(PodCidrs, settings.PodCidrs);
        AddNetworks(LocalPods, settings.LocalPodCidrs);
        script.Append($"add set {table} {Hairpin} {{ type {type} . {type}; }}\n");
        script.Append($"add map {table} {ServiceIPs} {{ type {type} . inet_proto . inet_service : verdict; }}\n");
        script.Append($"add map {table} {ServicePorts} {{ type inet_proto . inet_service : verdict; }}\n");
        script.Append($"add map {table} {RefusedIPs} {{ type {type} . inet_proto . inet_service : verdict; }}\n");
        script.Append($"add map {table} {RefusedPorts} {{ type inet_proto . inet_service : verdict; }}\n");

        Chain("services", null,
            $"{header} daddr . meta l4proto . th dport vmap @{ServiceIPs}",
            $"fib daddr type local meta l4proto . th dport vmap @{ServicePorts}");
        Chain(Refuse, null, "reject");
        Chain("no-endpoints", null,
            [
                $"{header} daddr . meta l4proto . th dport vmap @{RefusedIPs}",
                .. settings.ServiceCidrs.Where(family.Has).Select(cidr => $"{header} daddr {cidr} reject"),
                $"fib daddr type local meta l4proto . th dport vmap @{RefusedPorts}",
            ]);
        Chain("prerouting", "type nat hook prerouting priority -105", "jump services");
        Chain("output", "type nat hook output priority -105", "jump services");
        Chain("filter-input", "type filter hook input priority -5", "ct state new jump no-endpoints");
        Chain("filter-output", "type filter hook output priority -5", "ct state new jump no-endpoints");
        Chain("filter-forward", "type filter hook forward priority -5",
            "ct state new jump no-endpoints",
            $"ct state new ct status dnat {header} daddr @{PodCidrs} meta mark set meta mark | 0x{settings.AcceptMark:x}");
        // Only localhost itself may use localhost's node ports: route_localnet would otherwise open 127.0.0.0/8 to the neighbours.
        if (family == NftFamily.IPv4)
            Chain("localhost-guard", "type filter hook prerouting priority -305", "iifname != \"lo\" ip daddr 127.0.0.0/8 drop");
        // Pods of one bridge answer each other directly, past the translation, where the bridge does not filter: then their replies must come here.
        string[] direct = bridgeFiltered ? [] : [$"ct status dnat {header} saddr @{LocalPods} {header} daddr @{LocalPods} masquerade"];
        Chain("postrouting", "type nat hook postrouting priority 95",
            [
                $"meta mark & {masquerade} == {masquerade} meta mark set meta mark ^ {masquerade} masquerade fully-random",
                $"{header} saddr . {header} daddr @{Hairpin} masquerade",
                .. direct,
            ]);

        void AddNetworks(string name, IReadOnlyList<IPNetwork> networks)
        {
            var elements = string.Join(", ", networks.Where(family.Has));
            script.Append($"add set {table} {name} {{ type {type}; flags interval; {(elements.Length == 0 ? "" : $"elements = {{ {elements} }}; ")}}}\n");
        }

        void Chain(string name, string? hook, params IEnumerable<string> rules)
        {
            script.Append($"add chain {table} {name}{(hook is null ? "" : $" {{ {hook}; policy accept; }}")}\n");
            foreach (var rule in rules) script.Append($"add rule {table} {name} {rule}\n");
        }
    }
}
