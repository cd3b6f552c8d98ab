using System.Net;
using System.Net.Sockets;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Networking;
using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>The section <c>actororch.network</c>: where the API listens, which addresses pods and services get.</summary>
internal sealed record NetworkConfig
{
    public required IPAddress ApiAddress { get; init; }
    public required string BridgeName { get; init; }
    public required string TableName { get; init; }
    public required IReadOnlyList<IPNetwork> ServiceCidrs { get; init; }
    public required IReadOnlyList<IPNetwork> PodCidrs { get; init; }
    public required IReadOnlyList<IPNetwork> LocalPodCidrs { get; init; }

    /// <summary>The bridge that this machine's pods share.</summary>
    public PodNetworkSpec PodNetwork => new(BridgeName, Cidr(AddressFamily.InterNetwork), Cidr(AddressFamily.InterNetworkV6));

    public static NetworkConfig From(Config config)
    {
        var section = config.GetConfig("actororch.network");
        return new()
        {
            ApiAddress = IPAddress.Parse(section.GetString("api-address")),
            BridgeName = section.GetString("bridge"),
            TableName = section.GetString("table"),
            ServiceCidrs = Networks(section, "service-cidrs"),
            PodCidrs = Networks(section, "pod-cidrs"),
            LocalPodCidrs = Networks(section, "local-pod-cidrs"),
        };
    }

    /// <param name="apiPort">Where the <c>kubernetes</c> service leads to, on each of <paramref name="machineAddresses"/>.</param>
    public NetworkSettings Settings(IEnumerable<string> machineAddresses, int apiPort) => new()
    {
        ServiceCidrs = ServiceCidrs,
        PodCidrs = PodCidrs,
        LocalPodCidrs = LocalPodCidrs,
        TableName = TableName,
        ApiServers = [.. machineAddresses.Select(a => new IPEndPoint(IPAddress.Parse(a), apiPort))],
    };

    private string? Cidr(AddressFamily family) =>
        LocalPodCidrs.Where(n => n.BaseAddress.AddressFamily == family).Select(n => n.ToString()).FirstOrDefault();

    private static IPNetwork[] Networks(Config section, string name) => [.. section.GetStringList(name).Select(text =>
        IPNetwork.TryParse(text, out var network) ? network : throw new ConfigurationException($"actororch.network.{name}: \"{text}\" is not an address range"))];
}
