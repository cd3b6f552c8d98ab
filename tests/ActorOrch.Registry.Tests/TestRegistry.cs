using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Resources.Catalog;
using Akka.Actor;

namespace ActorOrch.Registry.Tests;

internal static class TestRegistry
{
    public static readonly RegistrySettings Settings = new()
    {
        History = new(10_000, 16 << 20),
        Retention = new(100_000, TimeSpan.FromDays(7)),
        Compaction = new(5_000, 16 << 20),
        Commit = new(1024, 256 << 10),
        OwnerTimeout = TimeSpan.FromSeconds(10),
        FollowRetry = TimeSpan.FromMilliseconds(200),
        FollowSilence = TimeSpan.FromSeconds(5),
        Shards = 10,
        Role = "control-plane",
    };

    /// <summary>A process alone on SQLite files in a directory, with the configuration that is shipped.</summary>
    public static Task<(ActorSystem System, ClusterRegistry Registry)> StartAsync(string directory) => StartOnAsync(OnSqlite(directory));

    /// <summary>What the processes of all clusters of a run share that do not say otherwise.</summary>
    private static readonly Lazy<string> Keys = new(() =>
    {
        var keys = Directory.CreateTempSubdirectory("actororch-keys-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(keys, recursive: true);
        return keys;
    });

    /// <summary>The setting of the directory of a process's keys.</summary>
    public static string KeysIn(string directory) => $"actororch.cluster.tls.directory = \"{directory}\"";

    /// <summary>The settings of SQLite files in a directory.</summary>
    public static string OnSqlite(string directory) => $"actororch.store.sqlite.directory = \"{directory}\"\n";

    /// <param name="overrides">HOCON that says where the store is, and whatever the test wants otherwise.</param>
    public static async Task<(ActorSystem System, ClusterRegistry Registry)> StartOnAsync(string overrides, params IReadOnlyList<ResourceType> types)
    {
        var config = ActorOrchConfig.Load(new() { Overrides = $"akka.loglevel = WARNING\n{KeysIn(Keys.Value)}\n{overrides}" });
        Store.Prepare(config);
        var system = ActorSystem.Create("actororch", config);
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (config.GetStringList("akka.cluster.seed-nodes").Count == 0) cluster.Join(cluster.SelfAddress);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            return (system, await ClusterRegistry.StartAsync(system, types.Count > 0 ? types : [BuiltIn.ConfigMaps, BuiltIn.Pods], RegistrySettings.From(config), patience.Token));
        }
        catch
        {
            await system.Terminate();
            throw;
        }
    }
}

/// <summary>A directory that goes when the test is over.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actororch-registry-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
