using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Networking;
using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>The section <c>actororch.network</c>: where the API listens, which addresses pods and services get.</summary>
internal sealed partial record NetworkConfig
{
    /// <summary>A pod network has the network's own address, its gateway, a broadcast, and pods.</summary>
    private const int FewestPodBits = 2;

    public required IPAddress ApiAddress { get; init; }
    public required string BridgeName { get; init; }
    public required string TableName { get; init; }
    public required IReadOnlyList<IPNetwork> ServiceCidrs { get; init; }
    public required IReadOnlyList<IPNetwork> PodCidrs { get; init; }
    public required IReadOnlyList<IPNetwork> LocalPodCidrs { get; init; }

    /// <summary>Both ends included.</summary>
    public required (int First, int Last) NodePorts { get; init; }

    /// <summary>The bridge that this machine's pods share.</summary>
    public PodNetworkSpec PodNetwork => new(BridgeName, Cidr(AddressFamily.InterNetwork), Cidr(AddressFamily.InterNetworkV6));

    /// <summary>Throws <see cref="ConfigurationException"/> for a value that cannot be used.</summary>
    public static NetworkConfig From(Config config)
    {
        var settings = new SettingReader(config, "actororch.network");
        var network = new NetworkConfig
        {
            ApiAddress = settings.Address("api-address"),
            BridgeName = Named(settings, "bridge", DeviceName(), "it must be letters, digits, '-', '_' and '.', and begin with a letter or digit"),
            TableName = Named(settings, "table", NftablesName(), "it must be letters, digits, '-', '_' and '.', and begin with a letter"),
            ServiceCidrs = settings.Networks("service-cidrs"),
            PodCidrs = settings.Networks("pod-cidrs"),
            LocalPodCidrs = settings.Networks("local-pod-cidrs"),
            NodePorts = PortsOf(settings, "node-ports"),
        };
        foreach (var local in network.LocalPodCidrs)
        {
            if (!network.PodCidrs.Any(pods => pods.BaseAddress.AddressFamily == local.BaseAddress.AddressFamily && pods.PrefixLength <= local.PrefixLength && pods.Contains(local.BaseAddress)))
                throw settings.Wrong("local-pod-cidrs", local.ToString(), $"it must lie within actororch.network.pod-cidrs ({string.Join(", ", network.PodCidrs)})");
            if (local.BaseAddress.GetAddressBytes().Length * 8 - local.PrefixLength < FewestPodBits)
                throw settings.Wrong("local-pod-cidrs", local.ToString(), "there is no room for a pod in it");
        }
        foreach (var services in network.ServiceCidrs)
            foreach (var pods in network.PodCidrs.Where(pods => Overlap(pods, services)))
                throw settings.Wrong("service-cidrs", services.ToString(), $"it overlaps with actororch.network.pod-cidrs ({pods})");
        return network;
    }

    /// <param name="apiPort">Where the <c>kubernetes</c> service leads to, on each of <paramref name="machineAddresses"/>.</param>
    public NetworkSettings Settings(IEnumerable<string> machineAddresses, int apiPort) => new()
    {
        ServiceCidrs = ServiceCidrs,
        PodCidrs = PodCidrs,
        LocalPodCidrs = LocalPodCidrs,
        NodePortFirst = NodePorts.First,
        NodePortLast = NodePorts.Last,
        TableName = TableName,
        BridgeName = PodNetwork.DeviceName,
        ApiServers = [.. machineAddresses.Select(a => new IPEndPoint(IPAddress.Parse(a), apiPort))],
    };

    private string? Cidr(AddressFamily family) =>
        LocalPodCidrs.Where(n => n.BaseAddress.AddressFamily == family).Select(n => n.ToString()).FirstOrDefault();

    private static bool Overlap(IPNetwork one, IPNetwork other) =>
        one.BaseAddress.AddressFamily == other.BaseAddress.AddressFamily && (one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress));

    private static (int First, int Last) PortsOf(SettingReader settings, string name)
    {
        var text = settings.Text(name);
        return PortRange().Match(text) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first >= NetworkSettings.FirstNodePort && last <= NetworkSettings.LastNodePort && first <= last
            ? (first, last)
            : throw settings.Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"it must be a range within {NetworkSettings.FirstNodePort}-{NetworkSettings.LastNodePort}, as 30000-31999"));
    }

    private static string Named(SettingReader settings, string name, Regex form, string why)
    {
        var text = settings.Text(name);
        return form.IsMatch(text) ? text : throw settings.Wrong(name, text, why);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}\z")]
    private static partial Regex DeviceName();

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_.-]{0,62}\z")]
    private static partial Regex NftablesName();

    [GeneratedRegex(@"\A([0-9]{1,5})-([0-9]{1,5})\z")]
    private static partial Regex PortRange();
}
