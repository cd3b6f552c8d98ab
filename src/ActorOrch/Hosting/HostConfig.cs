using ActorOrch.Controllers;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Registry;
using ActorOrch.Scheduling;
using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>The process's configuration: command line over <c>--config</c> over environment over <c>config/</c>.</summary>
internal sealed class HostConfig
{
    public const string ControlPlaneRole = NodeRoles.ControlPlane;
    public const string WorkerRole = NodeRoles.Worker;

    private HostConfig(Config config)
    {
        Akka = config;
        Roles = config.GetStringList("akka.cluster.roles").ToHashSet();
        Node = NodeConfig.From(config);
        Network = NetworkConfig.From(config);
    }

    public Config Akka { get; }

    /// <summary>With the id of the store, for those who tell agents of it.</summary>
    public Config AkkaOf(StoreGate? store) =>
        store is null ? Akka : ConfigurationFactory.ParseString($"actororch.store.id = \"{store.StoreId}\"").WithFallback(Akka);

    public IReadOnlySet<string> Roles { get; }

    public bool IsControlPlane => Roles.Contains(ControlPlaneRole);

    public bool IsWorker => Roles.Contains(WorkerRole);

    public NodeConfig Node { get; }

    public NetworkConfig Network { get; }

    /// <summary>Throws <see cref="StartupException"/> where a file is missing or a value cannot be used.</summary>
    public static HostConfig Load(UpOptions options, DataDirectory data)
    {
        try
        {
            var config = ActorOrchConfig.Load(new()
            {
                UserFile = options.ConfigFile?.FullName,
                Overrides = $"actororch.store.sqlite.directory = {Quoted(data.Path)}",
            });
            if (SecretsKey.FileOf(config).Length == 0)
                config = ConfigurationFactory.ParseString($"actororch.secrets.key-file = {Quoted(Path.Combine(data.Path, SecretsKey.DefaultFile))}").WithFallback(config);
            var keys = $"{NodeCredentials.DirectorySetting} = {Quoted(Path.Combine(data.Path, "pki", "cluster"))}";
            return new(config.WithFallback(keys).WithFallback(ControllersHost.DefaultConfig).WithFallback(SchedulerHost.DefaultConfig).WithFallback(NodesHost.DefaultConfig));
        }
        catch (Exception e) when (e is ConfigurationException or FormatException)
        {
            throw new StartupException($"the configuration cannot be used: {e.Message}", e);
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
