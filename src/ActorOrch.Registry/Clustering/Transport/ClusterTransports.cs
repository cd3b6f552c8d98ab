using Akka.Configuration;

namespace ActorOrch.Registry;

/// <summary>
/// Decides what lies below Akka.Remote, and is the only one who does. A process is alone where its store is its own (SQLite) and it has
/// no seed nodes: it opens no port.
/// </summary>
public static class ClusterTransports
{
    private const string Enabled = "akka.remote.enabled-transports";

    /// <summary>Whether other processes can be in the cluster of one with this configuration.</summary>
    public static bool IsAlone(Config config) => Store.IsOfOneProcess(config) && config.GetStringList("akka.cluster.seed-nodes").Count == 0;

    /// <summary>The settings that follow; they win over the user's. Throws <see cref="ConfigurationException"/> where the user names a transport.</summary>
    internal static Config ConfigOf(Config config)
    {
        if (config.HasPath(Enabled))
            throw new ConfigurationException($"{Enabled} cannot be set: a process without seed nodes whose store is SQLite opens no port, and every other one uses TLS");
        if (!IsAlone(config)) return Config.Empty;
        return ConfigurationFactory.ParseString($$"""
            {{Enabled}} = ["akka.remote.alone"]
            akka.remote.alone.transport-class = "{{typeof(AloneTransport).FullName}}, {{typeof(AloneTransport).Assembly.GetName().Name}}"
            akka.remote.alone.applied-adapters = []
            """);
    }
}
