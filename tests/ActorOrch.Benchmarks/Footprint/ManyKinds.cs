using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorOrch.Benchmarks.Harness;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using Akka.Actor;

namespace ActorOrch.Benchmarks.Footprint;

/// <summary>
/// The executable with kinds from outside in its catalogue, beside itself without: memory and start to Ready, turn about; and what discovery and the
/// published schemas cost when they are asked for again.
/// </summary>
internal static class ManyKinds
{
    private const int Rounds = 5, Asked = 200;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    /// <param name="args">The number of kinds (300).</param>
    public static async Task RunAsync(string[] args)
    {
        var kinds = args.Length > 0 ? int.Parse(args[0]) : 300;
        var (many, none) = (Directory.CreateTempSubdirectory("actororch-bench-").FullName, Directory.CreateTempSubdirectory("actororch-bench-").FullName);
        try
        {
            await DefineAsync(many, kinds);
            await DefineAsync(none, 0);
            var (more, start) = (new List<double>(), new List<TimeSpan>());
            for (var i = 0; i < Rounds; i++)
            {
                var (without, with) = (await MeasureAsync(none), await MeasureAsync(many));
                more.Add((with.Bytes - without.Bytes) / 1e6);
                start.Add(with.Start - without.Start);
                Console.WriteLine($"without: Ready after {without.Start.TotalSeconds:0.00} s, {without.Bytes / 1e6:0} MB; with {kinds} kinds: {with.Start.TotalSeconds:0.00} s, {with.Bytes / 1e6:0} MB");
            }
            Console.WriteLine($"{kinds} kinds more: {Figures.Seconds(start)} of start, {string.Join(", ", more.Order().Select(m => $"{m:0} MB"))}");
            await AskAsync(many);
        }
        finally
        {
            Directory.Delete(many, recursive: true);
            Directory.Delete(none, recursive: true);
        }
    }

    private static async Task DefineAsync(string directory, int kinds)
    {
        // The first start makes the data directory what it is.
        await using (var first = BenchOrchestrator.Launch("simulated", directory)) await first.ReadyAsync(CancellationToken.None);
        var config = ActorOrchConfig.Load(new() { Overrides = $"actororch.store.sqlite.directory = \"{directory}\"\nakka.loglevel = WARNING" });
        Store.Prepare(config);
        using var system = ActorSystem.Create("actororch", config);
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress);
        var registry = await ClusterRegistry.StartAsync(system, [.. BuiltIn.All, BuiltIn.CustomResourceDefinitions], RegistrySettings.From(config));
        var api = new ObjectApi(registry, [], TimeProvider.System, Random.Shared);
        for (var i = 0; i < kinds; i++)
            await api.CreateAsync(BuiltIn.CustomResourceDefinitions, "", CustomDefinitions.Widgets($"widgets{i}", $"Widget{i}"), WriteOptions.Default);
        while (registry.Types.Count < BuiltIn.All.Count + 1 + kinds) await Task.Delay(10);
        foreach (var type in registry.Types.Where(t => t.Model is null))
            await api.CreateAsync(type, "default", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "one" }, ["spec"] = new JsonObject { ["size"] = "small" } }, WriteOptions.Default);
        await system.Terminate();
    }

    private static async Task<(TimeSpan Start, long Bytes)> MeasureAsync(string directory)
    {
        await using var orchestrator = BenchOrchestrator.Launch("simulated", directory);
        var start = await orchestrator.ReadyAsync(CancellationToken.None);
        await Task.Delay(Settle);
        return (start, orchestrator.ResidentBytes);
    }

    private static async Task AskAsync(string directory)
    {
        await using var orchestrator = BenchOrchestrator.Launch("simulated", directory);
        await orchestrator.ReadyAsync(CancellationToken.None);
        using var client = orchestrator.NewHttpClient();
        foreach (var path in (string[])["/apis", "/apis/example.com/v1", "/openapi/v2", "/openapi/v3", "/openapi/v3/apis/example.com/v1"])
        {
            var took = new List<TimeSpan>();
            var bytes = 0;
            for (var i = 0; i <= Asked; i++)
            {
                var asked = Stopwatch.GetTimestamp();
                bytes = (await client.GetByteArrayAsync(path)).Length;
                took.Add(Stopwatch.GetElapsedTime(asked));
            }
            Console.WriteLine($"{path}: {bytes / 1e3:N0} KB, first {took[0].TotalMilliseconds:0.0} ms, then {Figures.Milliseconds(took.Skip(1))}");
        }
    }
}
