using System.Net;

namespace ActorOrch.Networking;

/// <summary>How services are addressed and programmed. The same on every machine, but for <see cref="LocalPodCidrs"/>.</summary>
public sealed record NetworkSettings
{
    /// <summary>Where cluster IPs come from, the default family first. One or two, of different families.</summary>
    public IReadOnlyList<IPNetwork> ServiceCidrs { get; init; } = [IPNetwork.Parse("10.96.0.0/16"), IPNetwork.Parse("fd00:10:96::/112")];

    /// <summary>The addresses of all pods of the cluster. What comes from elsewhere is masqueraded on its way to a cluster IP.</summary>
    public IReadOnlyList<IPNetwork> PodCidrs { get; init; } = [IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("fd00:10:244::/48")];

    /// <summary>The addresses of the pods of this machine: those of its pod bridge.</summary>
    public IReadOnlyList<IPNetwork> LocalPodCidrs { get; init; } = [IPNetwork.Parse("10.244.0.0/24"), IPNetwork.Parse("fd00:10:244::/64")];

    /// <summary>The ends of what node ports may be at all.</summary>
    public const int FirstNodePort = 30000, LastNodePort = 32767;

    /// <summary>Node ports, both ends included.</summary>
    public int NodePortFirst { get; init; } = FirstNodePort;

    public int NodePortLast { get; init; } = LastNodePort;

    /// <summary>The nftables tables, one a family, that belong to this instance and to nobody else.</summary>
    public string TableName { get; init; } = "actororch";

    /// <summary>The device that the pods of this machine are ports of.</summary>
    public string BridgeName { get; init; } = "actororch";

    /// <summary>The bit of the packet mark that asks for masquerading. Upstream's default, bit 14.</summary>
    public uint MasqueradeMark { get; init; } = 0x4000;

    /// <summary>The bit of the packet mark by which a forward policy of DROP (Docker's) is told to let service traffic through.</summary>
    public uint AcceptMark { get; init; } = 0x20000;

    /// <summary>How long a drained pod is still given for connections that were on their way when the rules changed. On a busy
    /// machine a first packet has been seen to take longer than 150 ms to reach its pod.</summary>
    public TimeSpan DrainLinger { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How the kernel is reached: <c>library</c> (libnftables in this process), <c>command</c> (the nft program), or <c>auto</c>.</summary>
    public string Nftables { get; init; } = "auto";

    /// <summary>Where the API server listens: what the <c>kubernetes</c> service leads to.</summary>
    public IReadOnlyList<IPEndPoint> ApiServers { get; init; } = [];
}
