using ActorOrch.Contracts.Nodes;
using ActorOrch.Controllers;
using ActorOrch.Controllers.Events;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Networking.Kernel;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Clustering.Transports;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Scheduler;
using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>The process's configuration: command line over <c>--config</c> over environment over <c>config/</c>.</summary>
internal sealed class HostConfig
{
    public const string ControlPlaneRole = NodeRoles.ControlPlane;
    public const string WorkerRole = NodeRoles.Worker;

    private const int LongestMessage = 800;

    private HostConfig(Config config, FileInfo? file, IReadOnlyList<string> warnings)
    {
        Akka = config;
        File = file;
        Warnings = warnings;
        Roles = RolesOf(config);
        Node = NodeConfig.From(config);
        Network = NetworkConfig.From(config);
    }

    public Config Akka { get; }

    /// <summary>That of <c>--config</c>; null where none was given.</summary>
    public FileInfo? File { get; }

    /// <summary>What is set and will not be honoured, a line each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>With the id of the store, for those who tell agents of it.</summary>
    public Config AkkaOf(StoreGate? store) =>
        store is null ? Akka : ConfigurationFactory.ParseString($"actororch.store.id = \"{store.StoreId}\"").WithFallback(Akka);

    public IReadOnlySet<string> Roles { get; }

    public bool IsControlPlane => Roles.Contains(ControlPlaneRole);

    public bool IsWorker => Roles.Contains(WorkerRole);

    public NodeConfig Node { get; }

    public NetworkConfig Network { get; }

    /// <summary>What this process takes of its machine's network.</summary>
    public NetworkUse NetworkUse(string dataDirectory) => Networking.Kernel.NetworkUse.Of(Network.Settings([], 0), Akka.GetStringList("akka.cluster.seed-nodes"), dataDirectory);

    /// <summary>Throws <see cref="StartupException"/> where a file is missing or a value cannot be used.</summary>
    public static HostConfig Load(UpOptions options) => Load(options.ConfigFile, options.DataDirectory.FullName);

    /// <inheritdoc cref="Load(UpOptions)"/>
    public static HostConfig Load(FileInfo? configFile, string dataDirectory)
    {
        try
        {
            var sources = new ConfigSources
            {
                UserFile = configFile?.FullName,
                Overrides = $"actororch.store.sqlite.directory = {Quoted(dataDirectory)}",
            };
            if (SettingKinds.FirstOwn(ActorOrchConfig.Given(sources)) is { } own) throw new StartupException($"the configuration cannot be used: {own}");
            var config = WithDefaults(ActorOrchConfig.Load(sources));
            if (SecretsKey.FileOf(config) is "")
                config = ConfigurationFactory.ParseString($"actororch.secrets.key-file = {Quoted(Path.Combine(dataDirectory, SecretsKey.DefaultFile))}").WithFallback(config);
            var keys = $"{NodeCredentials.DirectorySetting} = {Quoted(Path.Combine(dataDirectory, "pki", "cluster"))}";
            config = config.WithFallback(keys);
            var defaults = WithDefaults(ActorOrchConfig.Load(sources with { UserFile = null, Environment = new Dictionary<string, string>() }));
            if (SettingKinds.FirstWrong(defaults, config) is { } wrong) throw new StartupException($"the configuration cannot be used: {wrong}");
            // Read now, so that what is wrong is said before anything has been started.
            _ = (RegistrySettings.From(config), SchedulerSettings.From(config), SchedulingProfile.Named(SchedulerSettings.From(config).ScoringStrategy, 0), NodeSettings.From(config), EventSettings.From(config));
            return new(config, configFile, UnusedSettings.Of(defaults.WithFallback(keys), config, ClusterTransports.IsAlone(config)));
        }
        catch (Exception e) when (e is ConfigurationException or FormatException or ArgumentException or OverflowException or InvalidCastException)
        {
            throw new StartupException($"the configuration cannot be used: {OneLine(e.Message)}", e);
        }
    }

    private static HashSet<string> RolesOf(Config config)
    {
        var roles = config.GetStringList("akka.cluster.roles").ToHashSet();
        if (roles.FirstOrDefault(r => r is not (ControlPlaneRole or WorkerRole)) is { } other)
            throw new ConfigurationException($"akka.cluster.roles: \"{other}\" cannot be used: it must be {ControlPlaneRole} or {WorkerRole}");
        return roles.Count > 0 ? roles : throw new ConfigurationException($"akka.cluster.roles must name at least one of {ControlPlaneRole} and {WorkerRole}");
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static Config WithDefaults(Config config) =>
        config.WithFallback(NodeRegion.DefaultConfig).WithFallback(ReconcilerRegions.DefaultConfig).WithFallback(SchedulerHost.DefaultConfig)
            .WithFallback(ControllersHost.DefaultConfig).WithFallback(NodesHost.DefaultConfig);

    /// <summary>A message of others as a part of one line.</summary>
    public static string OneLine(string text) =>
        SettingRule.Shown(string.Join(' ', text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)), LongestMessage);
}
