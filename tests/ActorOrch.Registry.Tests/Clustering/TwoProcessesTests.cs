using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Writes;
using ActorOrch.Testing;
using Akka.Actor;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Clustering;

/// <summary>Two actor systems that share nothing but sockets and a database: what a cluster of two processes sees.</summary>
public sealed class TwoProcessesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Another_process_reads_writes_and_watches_through_its_mirror_and_takes_over()
    {
        var port = FreePorts.Next();
        var (first, owner) = await StartAsync(port, seed: port);
        for (var i = 0; i < 20; i++) await owner[ConfigMaps].WriteAsync(Create($"before-{i}", new string('x', 100_000)));

        var (second, other) = await StartAsync(FreePorts.Next(), seed: port);
        var mirror = other[ConfigMaps];
        Assert.False(mirror.IsOwner);
        Assert.Equal(20, mirror.Latest.Count);
        var recorder = new Recorder();
        using var subscription = mirror.Subscribe(21, recorder);

        var created = await mirror.WriteAsync(Create("remote"));
        Assert.Equal((WriteOutcome.Committed, 22L), (created.Outcome, created.Object!.Revision));
        Assert.Equal(WriteOutcome.Conflict, (await mirror.WriteAsync(Replace("remote", 2))).Outcome);
        Assert.Equal(WriteOutcome.Committed, (await mirror.WriteAsync(Remove("before-0", 2))).Outcome);
        await owner[ConfigMaps].WriteAsync([.. Enumerable.Range(0, 30).Select(i => Create($"many-{i}", new string('x', 50_000)))]);
        var consistent = await mirror.ReadConsistentAsync();
        Assert.Equal(owner[ConfigMaps].Latest.Objects.Values.Select(o => (o.Key, o.Revision)), consistent.Objects.Values.Select(o => (o.Key, o.Revision)));

        var becameOwner = new TaskCompletionSource();
        mirror.OwnershipChanged += owns =>
        {
            if (owns) becameOwner.TrySetResult();
        };
        await CoordinatedShutdown.Get(first).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).WaitAsync(Patience);
        await becameOwner.Task.WaitAsync(Patience);

        Assert.Equal(54, (await mirror.WriteAsync(Create("after"))).Object!.Revision);
        Assert.Equal(Enumerable.Range(22, 33).Select(i => (long)i), recorder.Revisions);
        Assert.Equal(50, (await mirror.AtAsync(50))!.Revision);
        await second.Terminate();
    }

    private Task<(ActorSystem System, ClusterRegistry Registry)> StartAsync(int port, int seed) => TestRegistry.StartOnAsync($"""
        {TestRegistry.OnSqlite(_directory.Path)}
        akka.remote.dot-netty.tcp.port = {port}
        akka.cluster.seed-nodes = ["akka.tcp://actororch@127.0.0.1:{seed}"]
        """);
}
