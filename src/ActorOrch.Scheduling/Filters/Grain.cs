using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Filters;

/// <summary>
/// How fine a topology is. Of a coarse one a node's class is its domain, and a domain's count is looked up when a node is chosen. Of a fine
/// one, with about as many domains as nodes, its class is the count itself, and the few nodes of a domain are looked at again when it changes.
/// </summary>
internal static class Grain
{
    internal const string Hostname = "kubernetes.io/hostname";

    // Each domain is looked at for each pod; beyond this, its nodes are few.
    private const int MostDomains = 64;

    internal static bool IsFine(Topology topology) => topology.Key == Hostname || topology.Count > MostDomains;
}
