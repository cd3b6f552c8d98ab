using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Benchmarks.Registry;

/// <summary>
/// What a collection on SQLite commits, in one process: creates a second by many writers, and one write alone against one bare SQLite
/// transaction with the same bytes into the same table, in turns, in the same run.
/// </summary>
public static class CommitScenario
{
    private const int Alone = 300;

    /// <summary>Runs in a directory of its own below <paramref name="directory"/> and removes it. Prints one line a result.</summary>
    public static async Task RunAsync(string directory, TextWriter output, int writers = 256, int seconds = 10, int objectBytes = 1024)
    {
        var data = Directory.CreateDirectory(Path.Combine(directory, $"commits-{Guid.NewGuid():n}"));
        try
        {
            var config = ActorOrchConfig.Load(new() { Overrides = $"actororch.store.sqlite.directory = \"{data.FullName}\"\nakka.loglevel = WARNING" });
            Store.Prepare(config);
            using var system = ActorSystem.Create("actororch", config);
            var cluster = Akka.Cluster.Cluster.Get(system);
            await cluster.JoinAsync(cluster.SelfAddress);
            var registry = await ClusterRegistry.StartAsync(system, BuiltIn.All, RegistrySettings.From(config));
            var collection = registry[BuiltIn.ConfigMaps];

            await CreateAsync(collection, writers, TimeSpan.FromSeconds(2), objectBytes);
            var (alone, bare) = await CompareAloneAsync(collection, data.FullName, objectBytes);
            var (creates, elapsed) = await CreateAsync(collection, writers, TimeSpan.FromSeconds(seconds), objectBytes);

            output.WriteLine($"creates of {objectBytes} bytes by {writers} writers: {creates / elapsed.TotalSeconds:N0}/s");
            output.WriteLine($"one write alone, median: {alone.TotalMilliseconds:0.000} ms; one bare SQLite transaction: {bare.TotalMilliseconds:0.000} ms; ratio {alone / bare:0.00}");
            await system.Terminate();
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<(long Creates, TimeSpan Elapsed)> CreateAsync(ICollection collection, int writers, TimeSpan duration, int bytes)
    {
        var created = 0L;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < duration)
            {
                var result = await collection.WriteAsync(Create($"n-{Interlocked.Increment(ref _next)}", bytes));
                if (result.Outcome != WriteOutcome.Committed) throw new InvalidOperationException($"{result.Outcome}: {result.Detail}");
                Interlocked.Increment(ref created);
            }
        })));
        return (created, watch.Elapsed);
    }

    private static long _next;

    private static async Task<(TimeSpan Registry, TimeSpan Bare)> CompareAloneAsync(ICollection collection, string directory, int bytes)
    {
        using var bare = new BareTransactions(Path.Combine(directory, "bare.db"));
        var registry = new List<TimeSpan>();
        var transactions = new List<TimeSpan>();
        for (var i = 0; i < Alone; i++)
        {
            var write = Create($"alone-{i}", bytes);
            var start = Stopwatch.GetTimestamp();
            var result = await collection.WriteAsync(write);
            registry.Add(Stopwatch.GetElapsedTime(start));

            var change = new Change(ChangeKind.Added, result.Object!, null);
            transactions.Add(bare.Write(i, RecordFormats.Write(CommitRecord.Of([change], TimeProvider.System.GetUtcNow()), key: null)));
        }
        return (Median(registry), Median(transactions));
    }

    private static TimeSpan Median(List<TimeSpan> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static Write.Create Create(string name, int bytes) => new(ObjectDraft.Encode(new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["uid"] = Guid.NewGuid().ToString() },
        ["data"] = new JsonObject { ["value"] = new string('x', bytes) },
    }));
}
