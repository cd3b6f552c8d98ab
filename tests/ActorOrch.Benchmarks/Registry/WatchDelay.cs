using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Benchmarks.Registry;

/// <summary>
/// How long after a commit is durable an observer in the process has the change. The moment of the commit comes from the database: another
/// connection, on a thread that does nothing else, sees it as soon as any reader of the file can.
/// </summary>
internal static partial class WatchDelay
{
    private const int Warmup = 2000;
    private const int Measured = 1000;

    public static async Task RunAsync(string[] args)
    {
        var data = Directory.CreateTempSubdirectory("actororch-bench-");
        var config = ActorOrchConfig.Load(new() { Overrides = $"actororch.store.sqlite.directory = \"{data.FullName}\"\nakka.loglevel = WARNING" });
        Store.Prepare(config);
        using var system = ActorSystem.Create("actororch", config);
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress);
        var registry = await ClusterRegistry.StartAsync(system, BuiltIn.All, RegistrySettings.From(config));
        var collection = registry[BuiltIn.ConfigMaps];
        var observer = new Observer();
        using var follower = Follower.Call(collection, new(observer.Lost, observer.Told), collection.Latest.Revision);
        using var commits = new CommitSpotter(Path.Combine(data.FullName, "journal.db"));
        var delays = new List<TimeSpan>();
        for (var i = 0; i < Warmup + Measured; i++)
        {
            commits.Expect();
            await collection.WriteAsync(Create($"c-{i}"));
            var committed = await commits.Spotted;
            if (i >= Warmup) delays.Add(Stopwatch.GetElapsedTime(committed, observer.LastTold));
        }
        delays.Sort();
        Console.WriteLine(
            $"from a durable commit to an observer in the process: median {delays[Measured / 2].TotalMicroseconds:0} us, "
            + $"p90 {delays[Measured * 9 / 10].TotalMicroseconds:0} us, p99 {delays[Measured * 99 / 100].TotalMicroseconds:0} us");
        await system.Terminate();
        data.Delete(recursive: true);
    }

    private static Write.Create Create(string name) => new(ObjectDraft.Encode(new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["uid"] = Guid.NewGuid().ToString() },
        ["data"] = new JsonObject { ["value"] = new string('x', 850) },
    }));

    private sealed class Observer
    {
        private long _lastTold;

        public long LastTold => Volatile.Read(ref _lastTold);

        public void Told(IReadOnlyList<Change> changes) => Volatile.Write(ref _lastTold, Stopwatch.GetTimestamp());

        public void Lost(Snapshot current) => throw new InvalidOperationException("the thread of changes was lost");
    }

    /// <summary>
    /// Asks the database whether it has changed, as fast as it answers: a few microseconds. It gives its processor to any other thread that
    /// wants it: one that kept it for its slice of 3 ms would be what is measured.
    /// </summary>
    private sealed partial class CommitSpotter : IDisposable
    {
        private const int IdlePolicy = 5;

        private readonly SqliteConnection _connection;
        private readonly Thread _thread;
        private TaskCompletionSource<long>? _waiting;
        private volatile bool _ended;

        public CommitSpotter(string file)
        {
            _connection = new($"Data Source={file}");
            _connection.Open();
            _thread = new(Run) { IsBackground = true };
            _thread.Start();
        }

        public Task<long> Spotted { get; private set; } = Task.FromResult(0L);

        public void Expect()
        {
            var waiting = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            Spotted = waiting.Task;
            Volatile.Write(ref _waiting, waiting);
        }

        public void Dispose()
        {
            _ended = true;
            _thread.Join();
            _connection.Dispose();
        }

        [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
        private static partial int SetScheduler(int thread, int policy, in int priority);

        private void Run()
        {
            if (SetScheduler(thread: 0, IdlePolicy, priority: 0) != 0) throw new InvalidOperationException($"sched_setscheduler failed with {Marshal.GetLastPInvokeErrorMessage()}");
            using var version = _connection.CreateCommand();
            version.CommandText = "PRAGMA data_version";
            version.Prepare();
            var known = (long)version.ExecuteScalar()!;
            while (!_ended)
            {
                if ((long)version.ExecuteScalar()! is var now && now == known) continue;
                known = now;
                Interlocked.Exchange(ref _waiting, null)?.SetResult(Stopwatch.GetTimestamp());
            }
        }
    }
}
