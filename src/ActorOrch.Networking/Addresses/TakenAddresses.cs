using System.Net;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Networking.Addresses;

/// <summary>
/// The cluster IPs and node ports in use, as this process knows them. It saves most collisions; those that it cannot see are found where
/// the write is committed (<see cref="KindRules.Claims"/>).
/// </summary>
public sealed class TakenAddresses
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, (string[] Addresses, int[] Ports)> _services = [];
    private readonly Dictionary<string, ObjectKey> _addresses = [];
    private readonly Dictionary<int, ObjectKey> _ports = [];

    /// <summary>Follows the services of a registry from now on.</summary>
    public static TakenAddresses Follow(IRegistry registry)
    {
        var taken = new TakenAddresses();
        Follower.Call(registry[BuiltIn.Services], new(taken.Set, taken.Apply));
        return taken;
    }

    /// <summary>Whether another service than <paramref name="self"/> has the address.</summary>
    public bool Has(IPAddress address, ObjectKey self)
    {
        lock (_gate) return _addresses.TryGetValue(address.ToString(), out var owner) && owner != self;
    }

    /// <summary>Whether another service than <paramref name="self"/> has the node port, with any protocol.</summary>
    public bool Has(int nodePort, ObjectKey self)
    {
        lock (_gate) return _ports.TryGetValue(nodePort, out var owner) && owner != self;
    }

    private void Apply(IReadOnlyList<Change> changes)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                Remove(change.Key);
                if (change.Kind != ChangeKind.Deleted) Add(change.Object);
            }
        }
    }

    private void Set(Snapshot current)
    {
        lock (_gate)
        {
            _services.Clear();
            _addresses.Clear();
            _ports.Clear();
            foreach (var service in current.Objects.Values) Add(service);
        }
    }

    private void Add(StoredObject stored)
    {
        var spec = stored.As<V1Service>().Spec;
        if (spec is null) return;
        string[] addresses = [.. (spec.ClusterIPs ?? []).Where(ip => ip is not (null or "" or "None"))];
        int[] ports = [.. (spec.Ports ?? []).Select(p => p.NodePort ?? 0).Append(spec.HealthCheckNodePort ?? 0).Where(p => p > 0).Distinct()];
        _services[stored.Key] = (addresses, ports);
        foreach (var address in addresses) _addresses[address] = stored.Key;
        foreach (var port in ports) _ports[port] = stored.Key;
    }

    private void Remove(ObjectKey key)
    {
        if (!_services.Remove(key, out var held)) return;
        foreach (var address in held.Addresses)
            if (_addresses.TryGetValue(address, out var owner) && owner == key) _addresses.Remove(address);
        foreach (var port in held.Ports)
            if (_ports.TryGetValue(port, out var owner) && owner == key) _ports.Remove(port);
    }
}
