using ActorOrch.Registry.Persistence;
using Akka.Actor;
using Akka.Configuration;

namespace ActorOrch.Registry.Clustering.Transports;

/// <summary>
/// Decides what lies below Akka.Remote, and is the only one who does. A process is alone where its store is its own (SQLite) and it has
/// no seed nodes: it opens no port. Every other one speaks TLS in which both ends are known: there is no third way.
/// </summary>
public static class ClusterTransports
{
    private const string Enabled = "akka.remote.enabled-transports";

    /// <summary>Whether other processes can be in the cluster of one with this configuration.</summary>
    public static bool IsAlone(Config config) => Store.IsOfOneProcess(config) && config.GetStringList("akka.cluster.seed-nodes").Count == 0;

    /// <summary>
    /// The settings that follow; they win over the user's. Throws <see cref="ConfigurationException"/> where the user names a transport, or a
    /// seed node that is no address of this cluster's.
    /// </summary>
    internal static Config ConfigOf(Config config)
    {
        if (config.HasPath(Enabled))
            throw new ConfigurationException($"{Enabled} cannot be set: a process without seed nodes whose store is SQLite opens no port, and every other one uses TLS");
        foreach (var seed in config.GetStringList("akka.cluster.seed-nodes"))
        {
            if (SeedOf(seed) is not { Protocol: $"akka.{TlsTransport.Scheme}", Host: not null, Port: not null })
                throw new ConfigurationException($"akka.cluster.seed-nodes: \"{seed}\" is not an address like akka.{TlsTransport.Scheme}://actororch@HOST:PORT");
        }
        return IsAlone(config) ? Only("alone", typeof(AloneTransport)) : Only("tls", typeof(TlsTransport));
    }

    /// <summary>Null for what is no address.</summary>
    internal static Address? SeedOf(string text)
    {
        try
        {
            return Address.Parse(text);
        }
        catch (Exception e) when (e is UriFormatException or ArgumentException)
        {
            return null;
        }
    }

    private static Config Only(string name, Type transport) => ConfigurationFactory.ParseString($$"""
        {{Enabled}} = ["akka.remote.{{name}}"]
        akka.remote.{{name}}.transport-class = "{{transport.FullName}}, {{transport.Assembly.GetName().Name}}"
        akka.remote.{{name}}.applied-adapters = []
        # Whoever sends to an address has called it himself, and has seen a certificate for it.
        akka.remote.use-passive-connections = off
        """);
}
