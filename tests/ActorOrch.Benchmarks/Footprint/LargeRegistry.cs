using System.Diagnostics;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Benchmarks.Footprint;

/// <summary>A registry that holds a large cluster's objects, and nothing else in the process.</summary>
internal static class LargeRegistry
{
    private const int Batch = 1000;

    /// <summary>Writes the objects through the registry's own writes to <paramref name="directory"/>; prints what they take on the heap.</summary>
    public static async Task LoadAsync(string directory, int pods, int nodes)
    {
        var config = ActorOrchConfig.Load(new() { Overrides = $"actororch.store.sqlite.directory = \"{directory}\"\nakka.loglevel = WARNING" });
        Store.Prepare(config);
        using var system = ActorSystem.Create("actororch", config);
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress);
        var registry = await ClusterRegistry.StartAsync(system, BuiltIn.All, RegistrySettings.From(config));
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        await WriteAsync(registry[BuiltIn.Nodes], Enumerable.Range(0, nodes).Select(LargeObjects.Node));
        await WriteAsync(registry[BuiltIn.ReplicaSets], Enumerable.Range(0, pods / LargeObjects.PodsOfSet).Select(LargeObjects.ReplicaSet));
        await WriteAsync(registry[BuiltIn.Pods], Enumerable.Range(0, pods).Select(i => LargeObjects.Pod(i, i % nodes)));
        Console.WriteLine($"{pods:N0} pods on {nodes:N0} nodes written in {watch.Elapsed.TotalSeconds:0} s");
        var heap = GC.GetTotalMemory(forceFullCollection: true) - empty;
        var json = registry.Types.Sum(t => registry[t].Latest.Objects.Values.Sum(o => (long)o.Json.Length));
        Console.WriteLine($"in memory: {heap / 1e6:0} MB of heap for {json / 1e6:0} MB of JSON: {(double)heap / json:0.00} times");
        await system.Terminate();
    }

    private static async Task WriteAsync(ICollection collection, IEnumerable<ObjectDraft> drafts)
    {
        foreach (var chunk in drafts.Chunk(Batch))
        {
            var results = await collection.WriteAsync([.. chunk.Select(d => new Write.Create(d))]);
            if (results.FirstOrDefault(r => r.Outcome != WriteOutcome.Committed) is { } failed) throw new InvalidOperationException($"{failed.Outcome}: {failed.Detail}");
        }
    }
}
