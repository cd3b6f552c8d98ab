using System.Net;
using ActorOrch.Gateway.Pki;
using ActorOrch.Registry.Files;

namespace ActorOrch.Hosting;

/// <summary>The cluster's CA and certificates, for every name and address the API is reached by.</summary>
internal static class Keys
{
    /// <summary>Throws <see cref="StartupException"/> for a file that is damaged, or cannot be read or written.</summary>
    public static ClusterPki Load(DataDirectory data, HostConfig config, TimeProvider time)
    {
        try
        {
            return ClusterPki.LoadOrCreate(data.Path, ServingNames.OfThisMachine(config.Network.ServiceCidrs.Select(First)), time);
        }
        catch (DamagedFileException e)
        {
            throw StartupException.Damaged(e, data.Path, config.File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the cluster's keys in {data.Path}/pki cannot be used: {DiskFailure.Explain(e, data.Path)}", e);
        }
    }

    /// <summary>The first usable address of a range: what the <c>kubernetes</c> service gets.</summary>
    private static IPAddress First(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        bytes[^1] |= 1;
        return new(bytes);
    }
}
