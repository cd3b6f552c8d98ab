using System.Net;
using ActorOrch.Gateway;

namespace ActorOrch.Hosting;

/// <summary>The cluster's CA and certificates, for every name and address the API is reached by.</summary>
internal static class Keys
{
    public static ClusterPki Load(DataDirectory data, HostConfig config, TimeProvider time) =>
        ClusterPki.LoadOrCreate(data.Path, ServingNames.OfThisMachine(config.Network.ServiceCidrs.Select(First)), time);

    /// <summary>The first usable address of a range: what the <c>kubernetes</c> service gets.</summary>
    private static IPAddress First(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        bytes[^1] |= 1;
        return new(bytes);
    }
}
