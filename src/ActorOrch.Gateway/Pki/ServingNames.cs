using System.Net;
using ActorOrch.Registry.Clustering;

namespace ActorOrch.Gateway.Pki;

/// <summary>Under which names and addresses the gateway is reached: what its certificate must say.</summary>
public sealed record ServingNames(IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses)
{
    private static readonly string[] ClusterNames =
    [
        "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
    ];

    /// <summary>This machine's names and addresses, the cluster's own names for its API, and the given addresses (the service's among them).</summary>
    public static ServingNames OfThisMachine(params IEnumerable<IPAddress> others)
    {
        var names = ClusterNames.Append(Environment.MachineName.ToLowerInvariant()).Where(IsDnsName).Distinct();
        var addresses = MachineInterfaces.All()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .Where(a => !a.IsIPv6LinkLocal)
            .Concat([IPAddress.Loopback, IPAddress.IPv6Loopback])
            .Concat(others)
            .Distinct();
        return new([.. names], [.. addresses]);
    }

    private static bool IsDnsName(string name) => Uri.CheckHostName(name) == UriHostNameType.Dns;
}
