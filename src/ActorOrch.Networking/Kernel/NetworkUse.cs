using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ActorOrch.Networking.Kernel;

/// <summary>What a process takes of its machine's network, as it tells those that start later.</summary>
public sealed record NetworkUse
{
    /// <summary>A process of the same cluster may have the same Services and pods; none: it is alone.</summary>
    public string Cluster { get; init; } = "";

    public required string DataDirectory { get; init; }

    public required IReadOnlyList<string> ServiceCidrs { get; init; }

    public required IReadOnlyList<string> PodCidrs { get; init; }

    public required IReadOnlyList<string> LocalPodCidrs { get; init; }

    public required int NodePortFirst { get; init; }

    public required int NodePortLast { get; init; }

    /// <param name="seedNodes">Of the cluster; the same for all its processes.</param>
    public static NetworkUse Of(NetworkSettings settings, IEnumerable<string> seedNodes, string dataDirectory) => new()
    {
        Cluster = string.Join(' ', seedNodes.Order(StringComparer.Ordinal)),
        DataDirectory = dataDirectory,
        ServiceCidrs = [.. settings.ServiceCidrs.Select(n => n.ToString())],
        PodCidrs = [.. settings.PodCidrs.Select(n => n.ToString())],
        LocalPodCidrs = [.. settings.LocalPodCidrs.Select(n => n.ToString())],
        NodePortFirst = settings.NodePortFirst,
        NodePortLast = settings.NodePortLast,
    };

    /// <summary>Of one that has no addresses, and is in nobody's way.</summary>
    public static NetworkUse OfNamesAlone(string dataDirectory) => new()
    {
        DataDirectory = dataDirectory,
        ServiceCidrs = [],
        PodCidrs = [],
        LocalPodCidrs = [],
        NodePortFirst = 0,
        NodePortLast = -1,
    };

    /// <summary>
    /// Why the two cannot both run on a machine, naming the settings of this one and of the other; null where they can. Whoever programs an address
    /// first gets the packets of both, and each refuses what lies in its Services' range and belongs to none of its own.
    /// </summary>
    public string? ConflictWith(NetworkUse other)
    {
        // A range of local pods lies within its cluster's.
        var related = Cluster.Length > 0 && Cluster == other.Cluster;
        return Overlap("local-pod-cidrs", LocalPodCidrs, "local-pod-cidrs", other.LocalPodCidrs)
            ?? (related ? null : Overlap("service-cidrs", ServiceCidrs, "service-cidrs", other.ServiceCidrs) ?? Overlap("pod-cidrs", PodCidrs, "pod-cidrs", other.PodCidrs))
            ?? Overlap("service-cidrs", ServiceCidrs, "pod-cidrs", other.PodCidrs)
            ?? Overlap("pod-cidrs", PodCidrs, "service-cidrs", other.ServiceCidrs);
    }

    /// <summary>What the two share without either failing for it; null where there is nothing.</summary>
    public string? SharedWith(NetworkUse other)
    {
        var (first, last) = (Math.Max(NodePortFirst, other.NodePortFirst), Math.Min(NodePortLast, other.NodePortLast));
        return first > last || (Cluster.Length > 0 && Cluster == other.Cluster)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"node ports from {first} to {last} are given out by both: of two Services with the same one, one alone is reached");
    }

    /// <summary>In one line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this);

    /// <summary>Null for what is none: of a process of another version, or one that has not come to say it.</summary>
    public static NetworkUse? FromLine(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<NetworkUse>(line);
        }
        catch (JsonException)
        {
            // Likewise.
            return null;
        }
    }

    private static string? Overlap(string setting, IReadOnlyList<string> own, string otherSetting, IReadOnlyList<string> others)
    {
        foreach (var one in own)
            foreach (var other in others)
                if (Overlap(one, other)) return $"actororch.network.{setting} {one} overlaps with its {otherSetting} {other}";
        return null;
    }

    private static bool Overlap(string one, string other) =>
        IPNetwork.TryParse(one, out var a) && IPNetwork.TryParse(other, out var b) && a.BaseAddress.AddressFamily == b.BaseAddress.AddressFamily
        && (a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress));
}
