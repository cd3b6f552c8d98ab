using System.Net;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Resources.Addressing;
using Akka.Configuration;

namespace ActorOrch.Registry.Clustering.Transports;

/// <summary>
/// The part <c>actororch.cluster.tls</c> of the configuration, and from <c>akka.remote.dot-netty.tcp</c>, under Akka's own names, where to
/// listen; <c>config/reference.hocon</c> explains each value.
/// </summary>
internal sealed record TlsSettings
{
    private const string Listening = "akka.remote.dot-netty.tcp";

    /// <summary>Of <see cref="KeyDirectory"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>The process's name in its certificate: its node's.</summary>
    public required string Name { get; init; }

    /// <summary>Where it listens: a name or an address of this machine.</summary>
    public required string BindHost { get; init; }

    /// <summary>0: any that is free.</summary>
    public required int BindPort { get; init; }

    /// <summary>By which the others reach it.</summary>
    public required string Host { get; init; }

    /// <summary>0: the port on which it listens.</summary>
    public required int Port { get; init; }

    /// <summary>Under which it answers: <see cref="Host"/> and what else its certificate should name.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Whether it is a seed node, or there are none.</summary>
    public required bool IsSeed { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    public required TimeSpan HandshakeTimeout { get; init; }

    /// <summary>So many connections may be on their way to being authenticated; more are closed at once.</summary>
    public required int MaxHandshakes { get; init; }

    /// <summary>The largest message, in bytes.</summary>
    public required int MaximumFrameSize { get; init; }

    /// <summary>Throws <see cref="ConfigurationException"/> for what cannot be right.</summary>
    public static TlsSettings From(Config config)
    {
        var directory = config.GetString(NodeCredentials.DirectorySetting, "");
        if (directory.Length == 0) throw new ConfigurationException($"{NodeCredentials.DirectorySetting} is not set: a process of a cluster needs a directory for its keys");
        var bindHost = config.GetString($"{Listening}.hostname", "");
        var host = NotEmpty(config.GetString($"{Listening}.public-hostname", ""), bindHost);
        if (host.Length == 0 || (NetworkAddress.TryParse(host, out var address) && (address.Value.Equals(IPAddress.Any) || address.Value.Equals(IPAddress.IPv6Any))))
            throw new ConfigurationException($"{Listening}.hostname: \"{host}\" is nothing that the others could reach: set it, or {Listening}.public-hostname, to a name or an address of this machine");
        var bindPort = config.GetInt($"{Listening}.port", 0);
        var publicPort = config.GetInt($"{Listening}.public-port", 0);
        var port = publicPort == 0 ? bindPort : publicPort;
        return new()
        {
            Directory = directory,
            Name = NotEmpty(config.GetString("actororch.node.name", ""), Environment.MachineName.ToLowerInvariant()),
            BindHost = NotEmpty(bindHost, host),
            BindPort = bindPort,
            Host = host,
            Port = publicPort,
            Hosts = [host, .. config.GetStringList("actororch.cluster.tls.names", [])],
            IsSeed = IsSeedAt(host, port, config.GetStringList("akka.cluster.seed-nodes")),
            ConnectTimeout = config.GetTimeSpan($"{Listening}.connection-timeout", TimeSpan.FromSeconds(15)),
            HandshakeTimeout = config.GetTimeSpan("actororch.cluster.tls.handshake-timeout"),
            MaxHandshakes = config.GetInt("actororch.cluster.tls.max-handshakes"),
            MaximumFrameSize = (int)(config.GetByteSize($"{Listening}.maximum-frame-size") ?? throw new ConfigurationException($"{Listening}.maximum-frame-size is not a size")),
        };
    }

    private static bool IsSeedAt(string host, int port, IList<string> seeds) =>
        seeds.Count == 0 || seeds.Any(s => ClusterTransports.SeedOf(s) is { } seed && string.Equals(seed.Host, host, StringComparison.OrdinalIgnoreCase) && seed.Port == port);

    private static string NotEmpty(string? text, string otherwise) => string.IsNullOrEmpty(text) ? otherwise : text;
}
