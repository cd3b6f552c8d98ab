using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using Akka.Actor;
using static ActorOrch.Registry.Tests.Samples;
using Pods = ActorOrch.Registry.Tests.Clustering.PodSamples;

namespace ActorOrch.Registry.Tests.Clustering.Transports;

/// <summary>A process of the control plane and one with a worker's certificate, which does what its certificate is not for.</summary>
public sealed class WorkerProcessTests : IAsyncLifetime
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FreePorts.Next();
    private ActorSystem _controlPlane = null!;
    private ClusterRegistry _registry = null!;
    private ActorSystem _worker = null!;

    private string At(string path) => $"akka.tcp://actororch@127.0.0.1:{_port}{path}";

    public async Task InitializeAsync()
    {
        (_controlPlane, _registry) = await TestRegistry.StartOnAsync($"""
            {TestRegistry.OnSqlite(_directory.Path)}
            {TestRegistry.KeysIn(Path.Combine(_directory.Path, "keys"))}
            akka.remote.dot-netty.tcp.port = {_port}
            akka.cluster.seed-nodes = ["{At("")}"]
            """);
        var authority = new KeyDirectory(Path.Combine(_directory.Path, "keys"), TimeProvider.System).OpenAuthority();
        var keys = Path.Combine(_directory.Path, "worker");
        new KeyDirectory(keys, TimeProvider.System).Write(authority.Certificate, authority.Issue("w", NodeRole.Worker, ["127.0.0.1"], TimeSpan.FromDays(1)));
        _worker = ActorSystem.Create("actororch", ActorOrchConfig.Load(new()
        {
            Role = "worker",
            Overrides = $"{TestRegistry.KeysIn(keys)}\nakka.cluster.seed-nodes = [\"{At("")}\"]",
        }));
        var up = new TaskCompletionSource();
        Akka.Cluster.Cluster.Get(_worker).RegisterOnMemberUp(() => up.TrySetResult());
        await up.Task.WaitAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        await _worker.Terminate();
        await _controlPlane.Terminate();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_mirrors_what_a_worker_may_follow_records_events_and_no_more()
    {
        await _registry[BuiltIn.ConfigMaps].WriteAsync(Create("seen"));
        await _registry[BuiltIn.Pods].WriteAsync(new Write.Create(Pods.ReferringTo("p", "w", configMap: "seen")));
        var registry = await StartRegistryAsync();
        await registry[BuiltIn.ConfigMaps].ReadForPodsAsync(_registry[BuiltIn.Pods].Latest.Revision).AsTask().WaitAsync(Patience);
        Assert.Equal(1, registry[BuiltIn.ConfigMaps].Latest.Count);
        Assert.Equal(2, (await registry[BuiltIn.ConfigMaps].ReadConsistentAsync().AsTask().WaitAsync(Patience)).Revision);

        var refused = registry[BuiltIn.ConfigMaps].WriteAsync(Create("unwanted"));
        await Assert.ThrowsAsync<AskTimeoutException>(() => Ask<WriteReply>(new WriteRequest(BuiltIn.ConfigMaps.Collection, [])));
        Assert.Equal(WriteOutcome.Unavailable, (await refused).Outcome);
        Assert.Null(_registry[BuiltIn.ConfigMaps].Latest.Get(new("default", "unwanted")));
        await Assert.ThrowsAsync<AskTimeoutException>(() => Ask<FollowObjects>(new FollowRequest(BuiltIn.Pods.Collection, 1, 0)));
        await Assert.ThrowsAsync<AskTimeoutException>(() => Ask<FollowObjects>(new FollowRequest(BuiltIn.ConfigMaps.Collection, 1, 0)));
        await Assert.ThrowsAsync<AskTimeoutException>(() => Ask<FollowObjects>(new FollowSelectedRequest(BuiltIn.ConfigMaps.Collection, 1, 0, FollowFilter.PodsOf("other"), 0)));
        await Assert.ThrowsAsync<AskTimeoutException>(() => Ask<FollowObjects>(new FollowSelectedRequest(BuiltIn.ConfigMaps.Collection, 1, 0, FollowFilter.ByField(FollowFilter.Name, "seen"), 0)));
        Assert.Single((await Ask<FollowObjects>(new FollowSelectedRequest(BuiltIn.ConfigMaps.Collection, 1, 0, FollowFilter.PodsOf("w"), 0))).Objects);
        await Assert.ThrowsAsync<AskTimeoutException>(() => Ask<RevisionReply>(new RevisionRequest(BuiltIn.Pods.Collection)));
    }

    [Theory]
    [InlineData("/user/registry", true)]
    [InlineData("/user/registry", false)]
    [InlineData("/user/*", true)]
    [InlineData("/system/sharding/collection", true)]
    [InlineData("/system/sharding/collectionCoordinator/singleton/coordinator", true)]
    [InlineData("/system/cluster/core/daemon", true)]
    public async Task It_ends_nothing(string path, bool poison)
    {
        _worker.ActorSelection(At(path)).Tell(poison ? PoisonPill.Instance : Kill.Instance);
        await StillWorksAsync();
    }

    [Fact]
    public async Task Nor_does_another_process_of_the_control_plane()
    {
        var (other, _) = await TestRegistry.StartOnAsync($"""
            {TestRegistry.OnSqlite(_directory.Path)}
            {TestRegistry.KeysIn(Path.Combine(_directory.Path, "keys"))}
            # Not the first seed, but with the authority's key.
            akka.cluster.seed-nodes = ["{At("")}"]
            """);
        other.ActorSelection(At("/user/registry")).Tell(PoisonPill.Instance);
        other.ActorSelection(At("/user/registry")).Tell(Kill.Instance);
        await StillWorksAsync();
        await other.Terminate();
    }

    [Theory]
    [InlineData("/user/registry")]
    [InlineData("/system/sharding/collection")]
    public async Task It_does_not_even_learn_who_is_there(string path) =>
        await Assert.ThrowsAsync<ActorNotFoundException>(() => _worker.ActorSelection(At(path)).ResolveOne(Silence));

    [Fact]
    public async Task It_owns_no_shards_and_sends_nothing_that_is_read_by_reflection()
    {
        var deaf = _worker.ActorOf(Props.Create(() => new Deaf()), "deaf");
        var coordinator = _worker.ActorSelection(At("/system/sharding/collectionCoordinator/singleton/coordinator"));
        coordinator.Tell(Register(deaf), deaf);
        _worker.ActorSelection(At("/system/sharding/collection")).Tell(new Unknown("x"), deaf);
        await StillWorksAsync();
        Assert.True(_registry[BuiltIn.Pods].IsOwner);
    }

    private async Task StillWorksAsync()
    {
        // In order on one connection: what was sent before this has been judged when the coordinator answers.
        var registry = await StartRegistryAsync();
        await registry[BuiltIn.ConfigMaps].ReadConsistentAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(WriteOutcome.Committed, (await _registry[BuiltIn.ConfigMaps].WriteAsync(Create($"after-{Guid.NewGuid():n}"))).Outcome);
        await _controlPlane.ActorSelection("/user/registry").ResolveOne(Silence);
        await _controlPlane.ActorSelection("/system/sharding/collectionCoordinator/singleton/coordinator").ResolveOne(Silence);
        Assert.Equal(Akka.Cluster.MemberStatus.Up, Akka.Cluster.Cluster.Get(_controlPlane).SelfMember.Status);
    }

    private Task<ClusterRegistry> StartRegistryAsync() => ClusterRegistry.StartAsync(
        _worker, [BuiltIn.ConfigMaps], RegistrySettings.From(_worker.Settings.Config) with { Nodes = ["w"] }).WaitAsync(Patience);

    private Task<T> Ask<T>(object message) => _worker.ActorSelection(At("/system/sharding/collection")).Ask<T>(message, Silence);

    /// <summary>Sharding's own message, which it keeps to itself.</summary>
    private static object Register(IActorRef region) =>
        Activator.CreateInstance(typeof(Akka.Cluster.Sharding.ClusterSharding).Assembly.GetType("Akka.Cluster.Sharding.ShardCoordinator+Register", throwOnError: true)!, region)!;

    private sealed record Unknown(string Text);

    private sealed class Deaf : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
