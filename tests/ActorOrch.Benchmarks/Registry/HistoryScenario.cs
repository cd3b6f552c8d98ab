using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Benchmarks.Registry;

/// <summary>
/// A large collection on SQLite: the longest time without an acknowledgement while checkpoints of it are stored, what the files come to
/// beside the live objects and the window, how long a new process takes to serve it, and what reading its past costs.
/// </summary>
public sealed class HistoryScenario
{
    private const int PodBytes = 2700, Writers = 64, Batch = 8, FirstUpdates = 20_000;

    private enum Part { Undisturbed, Checkpoints, Restarted, Past }

    private readonly string _directory;
    private readonly TextWriter _output;
    private readonly int _pods, _updates;
    private readonly Lock _gapLock = new();
    private long _lastAcknowledgement;
    private TimeSpan _longestGap, _pausesBefore, _pausesWithin;

    private HistoryScenario(string directory, TextWriter output, int pods, int updates)
    {
        _directory = directory;
        _output = output;
        _pods = pods;
        _updates = updates;
    }

    /// <summary>
    /// Arguments: number of pods, number of updates. Each part has a process of its own, as the executable has one registry in its life: what
    /// one that was given up leaves behind in a process, a gigabyte for the garbage collector, would be measured with the next.
    /// </summary>
    public static async Task RunAsync(string[] args)
    {
        var pods = args.Length > 0 ? int.Parse(args[0]) : 150_000;
        var updates = args.Length > 1 ? int.Parse(args[1]) : 2 * pods;
        if (args.Length == 4)
        {
            await new HistoryScenario(args[3], Console.Out, pods, updates).RunAsync(Enum.Parse<Part>(args[2]));
            return;
        }
        var undisturbed = Directory.CreateTempSubdirectory("actororch-bench-").FullName;
        var directory = Directory.CreateTempSubdirectory("actororch-bench-").FullName;
        try
        {
            await InProcessAsync(Part.Undisturbed, undisturbed);
            await InProcessAsync(Part.Checkpoints, directory);
            await InProcessAsync(Part.Restarted, directory);
            await InProcessAsync(Part.Past, directory);
        }
        finally
        {
            Directory.Delete(undisturbed, recursive: true);
            Directory.Delete(directory, recursive: true);
        }

        async Task InProcessAsync(Part part, string data)
        {
            using var process = Process.Start("dotnet", [typeof(HistoryScenario).Assembly.Location, "History", $"{pods}", $"{updates}", $"{part}", data]);
            await process.WaitForExitAsync();
            if (process.ExitCode != 0) throw new InvalidOperationException($"{part} failed");
        }
    }

    private async Task RunAsync(Part part)
    {
        // The same load with no checkpoint among it: what of a stall is the checkpoint's own.
        var (system, collection, elapsed) = await StartAsync(part == Part.Undisturbed ? "actororch.registry.checkpoint { commits = 1000000000, bytes = 1 TiB }" : "");
        switch (part)
        {
            case Part.Undisturbed:
                await FillAsync(collection);
                await ChurnAsync(collection, _updates, 1, "no checkpoint");
                await ChurnAsync(collection, _updates, Batch, "no checkpoint");
                break;
            case Part.Checkpoints:
                await FillAsync(collection);
                var live = collection.Latest.Objects.Values.Sum(o => (long)o.Json.Length);
                _output.WriteLine($"{collection.Latest.Count:N0} pods, {Megabytes(live)} of JSON");
                var checkpoint = NewestCheckpoint();
                await ChurnAsync(collection, _updates, 1, "with checkpoints");
                if (NewestCheckpoint() == checkpoint) throw new InvalidOperationException("no checkpoint was due");
                await ChurnAsync(collection, _updates, Batch, "with checkpoints");
                PrintFiles(live);
                break;
            case Part.Restarted:
                _output.WriteLine($"a new process's registry with all of it: {elapsed.TotalSeconds:0.00} s");
                await ChurnAsync(collection, FirstUpdates, 1, "the first of a process");
                await ChurnAsync(collection, _updates, 1, "with checkpoints, after those");
                break;
            case Part.Past:
                await ReadPastAsync(collection);
                break;
        }
        await system.Terminate();
    }

    private async Task<(ActorSystem System, ICollection Pods, TimeSpan Elapsed)> StartAsync(string overrides = "")
    {
        var config = ActorOrchConfig.Load(new() { Overrides = $"{overrides}\nactororch.store.sqlite.directory = \"{_directory}\"\nakka.loglevel = WARNING" });
        Store.Prepare(config);
        var system = ActorSystem.Create("actororch", config);
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress);
        var watch = Stopwatch.StartNew();
        var registry = await ClusterRegistry.StartAsync(system, BuiltIn.All, RegistrySettings.From(config));
        return (system, registry[BuiltIn.Pods], watch.Elapsed);
    }

    private async Task FillAsync(ICollection collection)
    {
        for (var i = 0; i < _pods; i += 500)
            Check(await collection.WriteAsync([.. Enumerable.Range(i, Math.Min(500, _pods - i)).Select(n => new Write.Create(Pod(n, "Pending")))]));
    }

    private async Task ChurnAsync(ICollection collection, int updates, int atOnce, string which)
    {
        var left = updates;
        (_longestGap, _pausesWithin, _pausesBefore) = (TimeSpan.Zero, TimeSpan.Zero, GC.GetTotalPauseDuration());
        var watch = Stopwatch.StartNew();
        _lastAcknowledgement = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            // Each writer has pods of its own, so that nothing conflicts.
            for (var i = writer; Interlocked.Add(ref left, -atOnce) >= 0; i += Writers * atOnce)
            {
                var writes = Enumerable.Range(0, atOnce).Select(n => Replace(collection, (i + n * Writers) % (_pods / Writers * Writers))).ToArray();
                Check(await collection.WriteAsync(writes));
                Acknowledged();
            }
        })));
        _output.WriteLine($"updates by {Writers} writers, {atOnce} at once, {which}: {updates / watch.Elapsed.TotalSeconds:N0}/s; longest time without an acknowledgement: {_longestGap.TotalMilliseconds:0.0} ms, {_pausesWithin.TotalMilliseconds:0.0} of them the garbage collector's");
    }

    private void Acknowledged()
    {
        lock (_gapLock)
        {
            var (now, pauses) = (Stopwatch.GetTimestamp(), GC.GetTotalPauseDuration());
            if (Stopwatch.GetElapsedTime(_lastAcknowledgement, now) is var gap && gap > _longestGap) (_longestGap, _pausesWithin) = (gap, pauses - _pausesBefore);
            (_lastAcknowledgement, _pausesBefore) = (now, pauses);
        }
    }

    private async Task ReadPastAsync(ICollection collection)
    {
        var latest = collection.Latest.Revision;
        var past = latest - Math.Min(50_000, _updates / 2);
        var watch = Stopwatch.StartNew();
        var snapshot = await collection.AtAsync(past) ?? throw new InvalidOperationException($"revision {past} is gone");
        _output.WriteLine($"the collection as it was {latest - past:N0} versions ago ({snapshot.Count:N0} pods): {watch.Elapsed.TotalSeconds:0.00} s");
        watch.Restart();
        _ = await collection.AtAsync(past);
        _output.WriteLine($"the next page of it: {watch.Elapsed.TotalMilliseconds:0.00} ms");
        watch.Restart();
        var read = 0L;
        await foreach (var changes in collection.ReadChangesAsync(past)) read += changes.Count;
        _output.WriteLine($"a watch from there until it is live: {read:N0} changes in {watch.Elapsed.TotalSeconds:0.00} s");
        watch.Restart();
        var versions = 0;
        await foreach (var _ in collection.VersionsAsync(new("default", "pod-7"))) versions++;
        _output.WriteLine($"the {versions} versions of one pod: {watch.Elapsed.TotalSeconds:0.00} s");
    }

    private void PrintFiles(long live)
    {
        foreach (var name in (string[])["journal", "snapshots"])
        {
            var files = Directory.GetFiles(_directory, $"{name}.db*").Sum(f => new FileInfo(f).Length);
            _output.WriteLine($"{name}.db: {Megabytes(files)}, {(double)files / live:0.00}x the live objects; free within: {Megabytes(Number(name, "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"))}");
        }
        _output.WriteLine($"commits in the journal: {Number("journal", "SELECT COUNT(*) FROM journal WHERE persistence_id = 'collection/pods' AND deleted = 0"):N0}, {Megabytes(Number("journal", "SELECT SUM(LENGTH(message)) FROM journal WHERE persistence_id = 'collection/pods'"))}");
    }

    /// <summary>The sequence number of the newest checkpoint's event.</summary>
    private long NewestCheckpoint() => Number("snapshots", "SELECT MAX(sequence_number) FROM snapshot WHERE persistence_id = 'collection/pods'");

    private long Number(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, $"{file}.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private static void Check(IReadOnlyList<WriteResult> results)
    {
        foreach (var result in results)
            if (result.Outcome != WriteOutcome.Committed) throw new InvalidOperationException($"{result.Outcome}: {result.Detail}");
    }

    private static Write.Replace Replace(ICollection collection, int number)
    {
        var current = collection.Latest.Get(new("default", $"pod-{number}"))!;
        return new(Pod(number, $"Running-{current.Revision}"), current.Revision);
    }

    private static ObjectDraft Pod(int number, string phase) => ObjectDraft.Encode(new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = $"pod-{number}", ["namespace"] = "default", ["uid"] = $"uid-{number}", ["annotations"] = new JsonObject { ["padding"] = new string('x', PodBytes - 250) } },
        ["spec"] = new JsonObject { ["nodeName"] = $"node-{number % 5000}", ["containers"] = new JsonArray(new JsonObject { ["name"] = "pause", ["image"] = "pause:3.10" }) },
        ["status"] = new JsonObject { ["phase"] = phase },
    });

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N0} MB";
}
