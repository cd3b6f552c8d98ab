using System.Net;
using System.Text;
using k8s.Models;

namespace ActorOrch.Networking.Kernel;

/// <summary>
/// From a service and its EndpointSlices to its rules, in one family. Pure. The traffic policies are those of the Service API
/// (externalTrafficPolicy, internalTrafficPolicy); the fall-back to terminating endpoints is that of KEP-1669.
/// </summary>
public sealed class ServicePlan
{
    private readonly NftFamily _family;
    private readonly ServiceView _service;
    private readonly string _masquerade;
    private readonly ServiceRules _rules = new();

    private ServicePlan(NftFamily family, ServiceView service, NetworkSettings settings)
    {
        _family = family;
        _service = service;
        _masquerade = $"meta mark set meta mark | 0x{settings.MasqueradeMark:x}";
    }

    /// <param name="nodeName">This machine: its endpoints are the local ones.</param>
    public static ServiceRules Build(
        NftFamily family, ServiceView service, IReadOnlyCollection<V1EndpointSlice> slices, string nodeName, NetworkSettings settings)
    {
        var plan = new ServicePlan(family, service, settings);
        foreach (var port in service.Ports) plan.AddPort(port, EndpointView.Of(slices, port, family, nodeName));
        return plan._rules;
    }

    private void AddPort(ServicePortView port, List<EndpointView> endpoints)
    {
        if (!_service.ClusterIPs.Any(_family.Has)) return;
        var (all, lastResort) = EndpointView.Usable(endpoints);
        var (local, localLastResort) = EndpointView.Usable(endpoints.Where(e => e.Local));
        var used = new List<EndpointView>();

        var inside = _service.InternalLocal ? local : all;
        AddInternal(port, inside, all.Count > 0);
        used.AddRange(inside);
        AddLive(inside, _service.InternalLocal ? localLastResort : lastResort);

        if (port.NodePort > 0 || _service.Externals.Any(_family.Has))
        {
            AddExternal(port, all, local);
            used.AddRange(all);
            AddLive(all, lastResort);
            if (_service.ExternalLocal) AddLive(local, localLastResort);
        }
        foreach (var endpoint in used.Distinct())
        {
            if (endpoint.Local) _rules.Elements.Add(new(BaseRules.Hairpin, $"{endpoint.Address} . {endpoint.Address}", null));
            if (port.Protocol == "udp") _rules.UdpTargets.Add(new(endpoint.Address.ToString(), endpoint.Port));
        }
    }

    private void AddLive(List<EndpointView> endpoints, bool lastResort)
    {
        if (lastResort) return;
        foreach (var endpoint in endpoints) _rules.LiveTargets.Add(endpoint.Address.ToString());
    }

    private void AddInternal(ServicePortView port, List<EndpointView> endpoints, bool elsewhere)
    {
        var chain = ChainNames.Of("cluster", _service.Key, port);
        if (endpoints.Count > 0)
            _rules.Chains[chain] = [$"{_family.Table} saddr != @{BaseRules.PodCidrs} {_masquerade}", .. Spread(port, endpoints)];
        foreach (var address in _service.ClusterIPs.Where(_family.Has))
            AddFront(port, address, endpoints.Count > 0 ? $"goto {chain}" : null, elsewhere ? "drop" : $"goto {BaseRules.Refuse}");
    }

    private void AddExternal(ServicePortView port, List<EndpointView> all, List<EndpointView> local)
    {
        var chain = ChainNames.Of("external", _service.Key, port);
        if (all.Count > 0)
            _rules.Chains[chain] = _service.ExternalLocal ? LocalOnly(port, all, local) : [_masquerade, .. Spread(port, all)];
        var verdict = all.Count > 0 ? $"goto {chain}" : null;
        foreach (var address in _service.Externals.Where(_family.Has)) AddFront(port, address, verdict, $"goto {BaseRules.Refuse}");
        if (port.NodePort == 0) return;
        var key = $"{port.Protocol} . {port.NodePort}";
        _rules.Elements.Add(verdict is null
            ? new(BaseRules.RefusedPorts, key, $"goto {BaseRules.Refuse}")
            : new(BaseRules.ServicePorts, key, verdict));
    }

    private void AddFront(ServicePortView port, IPAddress address, string? verdict, string refusal)
    {
        var key = $"{address} . {port.Protocol} . {port.Port}";
        _rules.Elements.Add(verdict is null ? new(BaseRules.RefusedIPs, key, refusal) : new(BaseRules.ServiceIPs, key, verdict));
        if (verdict is not null && port.Protocol == "udp") _rules.UdpFronts.Add(new(address.ToString(), port.Port));
    }

    // Pods and the machine itself may use any endpoint; from outside only local ones, and the client's address is kept.
    private List<string> LocalOnly(ServicePortView port, List<EndpointView> all, List<EndpointView> local)
    {
        var anywhere = ChainNames.Of("anywhere", _service.Key, port);
        _rules.Chains[anywhere] = Spread(port, all);
        var saddr = $"{_family.Table} saddr";
        List<string> rules =
        [
            $"{saddr} @{BaseRules.PodCidrs} goto {anywhere}",
            $"fib saddr type local {_masquerade}",
            $"fib saddr type local goto {anywhere}",
        ];
        rules.AddRange(local.Count > 0 ? Spread(port, local) : ["drop"]);
        return rules;
    }

    // A packet that is in a chain while the kernel takes the next script sees that chain's old rules but no element of their maps any more, as
    // those elements are of the old script: the rule that follows a map uses none. Without it such a packet would leave with the front's address.
    private List<string> Spread(ServicePortView port, List<EndpointView> endpoints)
    {
        if (_service.AffinitySeconds is { } seconds) return Sticky(port, endpoints, seconds);
        var dnat = $"meta l4proto {port.Protocol} dnat {_family.Table} to ";
        if (endpoints.Count == 1) return [dnat + _family.Target(endpoints[0].Address, endpoints[0].Port)];
        var rule = new StringBuilder(dnat).Append($"numgen random mod {endpoints.Count} map {{ ");
        for (var i = 0; i < endpoints.Count; i++)
            rule.Append(i == 0 ? "" : ", ").Append($"{i} : {endpoints[i].Address} . {endpoints[i].Port}");
        return [rule.Append(" }").ToString(), dnat + _family.Target(endpoints[0].Address, endpoints[0].Port)];
    }

    // Each endpoint remembers its clients in a set whose entries expire; a client that no set knows is dealt out at random.
    private List<string> Sticky(ServicePortView port, List<EndpointView> endpoints, int seconds)
    {
        var rules = new List<string>();
        var deal = new StringBuilder($"numgen random mod {endpoints.Count} vmap {{ ");
        var first = "";
        for (var i = 0; i < endpoints.Count; i++)
        {
            var endpoint = endpoints[i];
            var clients = ChainNames.Of($"affinity-{seconds}", _service.Key, port, endpoint);
            var chain = ChainNames.Of($"endpoint-{seconds}", _service.Key, port, endpoint);
            _rules.Sets[clients] = $"{{ type {_family.AddressType}; flags dynamic,timeout; timeout {seconds}s; }}";
            _rules.Chains[chain] =
            [
                $"meta l4proto {port.Protocol} update @{clients} {{ {_family.Table} saddr }} dnat {_family.Table} to {_family.Target(endpoint.Address, endpoint.Port)}",
            ];
            rules.Add($"{_family.Table} saddr @{clients} goto {chain}");
            deal.Append(i == 0 ? "" : ", ").Append($"{i} : goto {chain}");
            if (i == 0) first = $"goto {chain}";
        }
        rules.Add(deal.Append(" }").ToString());
        rules.Add(first);
        return rules;
    }
}
