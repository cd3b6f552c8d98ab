using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;
using static ActorOrch.Registry.Tests.Clustering.PodSamples;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Clustering;

/// <summary>A process that only works, beside those of the control plane: what it holds, and for how long.</summary>
public sealed class WorkerMirrorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly ResourceType[] Kinds = [BuiltIn.Secrets, BuiltIn.Pods, BuiltIn.Nodes, BuiltIn.Events];

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FreePorts.Next();
    private readonly List<ActorSystem> _systems = [];
    private ClusterRegistry _owner = null!;
    private ClusterRegistry _worker = null!;

    public async Task InitializeAsync()
    {
        _owner = await StartControlPlaneAsync(_port);
        await WriteAsync(BuiltIn.Nodes, new Write.Create(ObjectDraft.Encode(Node("w"))), new Write.Create(ObjectDraft.Encode(Node("x"))));
        await WriteAsync(BuiltIn.Secrets, [.. ((string[])["a", "b", "c"]).Select(name => new Write.Create(Secret(name)))]);
        await WriteAsync(BuiltIn.Pods, new Write.Create(ReferringTo("pa", "w", secret: "a")), new Write.Create(ReferringTo("pb", "x", secret: "b")));
        _worker = await StartWorkerAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var system in Enumerable.Reverse(_systems)) await system.Terminate();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_holds_a_Secret_while_one_of_its_pods_refers_to_it()
    {
        Assert.Equal("a", await HeldAsync());

        await WriteAsync(BuiltIn.Pods, new Write.Create(ReferringTo("pc", "w", secret: "c")), new Write.Create(ReferringTo("pa-2", "w", secret: "a")));
        Assert.Equal("a c", await HeldAsync());

        await RemoveAsync(BuiltIn.Pods, "pa", "pc", "pb");
        Assert.Equal("a", await HeldAsync());

        await RemoveAsync(BuiltIn.Pods, "pa-2");
        Assert.Equal("", await HeldAsync());
    }

    [Fact]
    public async Task One_that_is_not_there_yet_comes_when_it_is_made_and_goes_when_it_is_deleted()
    {
        await WriteAsync(BuiltIn.Pods, new Write.Create(ReferringTo("pd", "w", secret: "d")));
        Assert.Equal("a", await HeldAsync());

        await WriteAsync(BuiltIn.Secrets, new Write.Create(Secret("d")), new Write.Create(Secret("e")));
        await WhenAsync("a d");
        await RemoveAsync(BuiltIn.Secrets, "d", "e");
        await WhenAsync("a");
    }

    [Fact]
    public async Task A_change_comes_as_that_and_not_as_everything_anew()
    {
        await HeldAsync();
        var told = new ConcurrentQueue<string>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var follower = _worker[BuiltIn.Secrets].Subscribe(_worker[BuiltIn.Secrets].Latest.Revision, new Listener(
            all => told.Enqueue($"all {all.Count}"),
            changes =>
            {
                foreach (var change in changes) told.Enqueue($"{change.Kind} {change.Key.Name}");
                if (changes[^1].Key.Name == "c") last.TrySetResult();
            }));

        // One after the other, so that none is part of another's message.
        for (var i = 0; i < 3; i++)
        {
            var current = _owner[BuiltIn.Secrets].Latest.Get(Key("a"))!;
            await WriteAsync(BuiltIn.Secrets, new Write.Replace(Secret("a", $"{i}"), current.Revision));
            await WhenAsync(s => s.Get(Key("a"))!.Revision > current.Revision);
        }
        await WriteAsync(BuiltIn.Secrets, new Write.Replace(Secret("b", "other"), _owner[BuiltIn.Secrets].Latest.Get(Key("b"))!.Revision));
        await WriteAsync(BuiltIn.Pods, new Write.Create(ReferringTo("pc", "w", secret: "c")));
        await last.Task.WaitAsync(Patience);

        Assert.Equal(["all 1", "Modified a", "Modified a", "Modified a", "Added c"], told);
    }

    [Fact]
    public async Task It_goes_on_with_the_next_owner()
    {
        Assert.Equal("a", await HeldAsync());
        var next = await StartControlPlaneAsync(FreePorts.Next());
        var secrets = next[BuiltIn.Secrets];
        var moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        secrets.OwnershipChanged += owns =>
        {
            if (owns) moved.TrySetResult();
        };
        await CoordinatedShutdown.Get(_systems[0]).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).WaitAsync(Patience);
        await moved.Task.WaitAsync(Patience);
        _owner = next;

        await WriteAsync(BuiltIn.Secrets, new Write.Replace(Secret("a", "of the next"), secrets.Latest.Get(Key("a"))!.Revision));
        await WhenAsync(s => s.Get(Key("a")) is { } a && a.Revision == secrets.Latest.Get(Key("a"))!.Revision);
        await WriteAsync(BuiltIn.Pods, new Write.Create(ReferringTo("pc", "w", secret: "c")));
        await RemoveAsync(BuiltIn.Pods, "pa");
        await WhenAsync("c");
    }

    [Fact]
    public async Task Of_nodes_it_holds_its_own_and_of_events_those_that_it_recorded()
    {
        Assert.Equal(["w"], _worker[BuiltIn.Nodes].Latest.Objects.Values.Select(o => o.Key.Name));
        Assert.Equal(WriteOutcome.Committed, (await _worker[BuiltIn.Events].WriteAsync(new Write.Create(Event("mine", "w")))).Outcome);
        await WriteAsync(BuiltIn.Events, new Write.Create(Event("theirs", "x")));
        await WriteAsync(BuiltIn.Nodes, new Write.Replace(ObjectDraft.Encode(Node("x", "changed")), _owner[BuiltIn.Nodes].Latest.Get(ObjectKey.ClusterScoped("x"))!.Revision));

        // Of what does not concern it, it is not told; whoever asks has waited for it all the same.
        for (var i = 0; i < 3; i++)
        {
            var events = await _worker[BuiltIn.Events].ReadConsistentAsync().AsTask().WaitAsync(Patience);
            Assert.Equal((_owner[BuiltIn.Events].Latest.Revision, "mine"), (events.Revision, Names(events)));
            var nodes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _worker[BuiltIn.Nodes].ReadConsistentAsync().AsTask())).WaitAsync(Patience);
            Assert.All(nodes, n => Assert.Equal((_owner[BuiltIn.Nodes].Latest.Revision, "w"), (n.Revision, Names(n))));
            await WriteAsync(BuiltIn.Events, new Write.Create(Event($"theirs-{i}", "x")));
        }
    }

    private static string Names(Snapshot snapshot) => string.Join(' ', snapshot.Objects.Values.Select(o => o.Key.Name));

    /// <summary>What it holds by the pods as they are now.</summary>
    private async Task<string> HeldAsync() =>
        Names(await _worker[BuiltIn.Secrets].ReadForPodsAsync(_owner[BuiltIn.Pods].Latest.Revision).AsTask().WaitAsync(Patience));

    private Task WhenAsync(string names) => WhenAsync(s => Names(s) == names);

    private async Task WhenAsync(Func<Snapshot, bool> holds)
    {
        var secrets = _worker[BuiltIn.Secrets];
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var follower = secrets.Subscribe(secrets.Latest.Revision, new Listener(Look, _ => Look(secrets.Latest)));
        Look(secrets.Latest);
        await done.Task.WaitAsync(Patience);

        void Look(Snapshot snapshot)
        {
            if (holds(snapshot)) done.TrySetResult();
        }
    }

    private async Task WriteAsync(ResourceType type, params Write[] writes) =>
        Assert.All(await _owner[type].WriteAsync(writes), result => Assert.Equal(WriteOutcome.Committed, result.Outcome));

    private Task RemoveAsync(ResourceType type, params string[] names) =>
        WriteAsync(type, [.. names.Select(name => new Write.Remove(Key(name), _owner[type].Latest.Get(Key(name))!.Revision))]);

    private static JsonObject Node(string name, string label = "") => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["l"] = label } },
    };

    private static ObjectDraft Event(string name, string host) => ObjectDraft.Encode(new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Event",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["source"] = new JsonObject { ["component"] = "kubelet", ["host"] = host },
    });

    private async Task<ClusterRegistry> StartControlPlaneAsync(int port)
    {
        var (system, registry) = await TestRegistry.StartOnAsync($"""
            {TestRegistry.OnSqlite(_directory.Path)}
            {TestRegistry.KeysIn(Path.Combine(_directory.Path, "keys"))}
            akka.remote.dot-netty.tcp.port = {port}
            akka.cluster.seed-nodes = ["{Seed}"]
            """, Kinds);
        _systems.Add(system);
        return registry;
    }

    private async Task<ClusterRegistry> StartWorkerAsync()
    {
        var authority = new KeyDirectory(Path.Combine(_directory.Path, "keys"), TimeProvider.System).OpenAuthority();
        var keys = Path.Combine(_directory.Path, "worker");
        new KeyDirectory(keys, TimeProvider.System).Write(authority.Certificate, authority.Issue("w", NodeRole.Worker, ["127.0.0.1"], TimeSpan.FromDays(1)));
        var system = ActorSystem.Create("actororch", ActorOrchConfig.Load(new()
        {
            Role = "worker",
            Overrides = $"{TestRegistry.KeysIn(keys)}\nakka.cluster.seed-nodes = [\"{Seed}\"]",
        }));
        _systems.Add(system);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(() => up.TrySetResult());
        await up.Task.WaitAsync(Patience);
        return await ClusterRegistry.StartAsync(
            system, [BuiltIn.Secrets, BuiltIn.Nodes, BuiltIn.Events], RegistrySettings.From(system.Settings.Config) with { Nodes = ["w"] }).WaitAsync(Patience);
    }

    private sealed class Listener(Action<Snapshot> all, Action<IReadOnlyList<Change>> changed) : IChangeObserver
    {
        public void OnChanges(IReadOnlyList<Change> changes, Snapshot after) => changed(changes);

        public void OnReset(Snapshot current) => all(current);
    }

    private string Seed => $"akka.tcp://actororch@127.0.0.1:{_port}";
}
