using ActorOrch.Registry.Clustering.Transports.Doors;
using Akka.Actor;
using Akka.Cluster;

namespace ActorOrch.Registry.Tests.Clustering.Transports;

/// <summary>What a worker's gossip may say of a control plane of one process, which is up.</summary>
public sealed class GossipJudgeTests : IAsyncLifetime
{
    private static readonly UniqueAddress Worker = new(new Address("akka.tcp", "actororch", "w", 1), 7);
    private static readonly HashSet<string> AsWorker = ["worker"];
    private static readonly HashSet<string> AsControlPlane = ["control-plane", "worker"];

    private readonly TemporaryDirectory _directory = new();
    private ActorSystem _system = null!;
    private ClusterEvent.CurrentClusterState _known = null!;
    private ToldMember _self = null!;

    public async Task InitializeAsync()
    {
        (_system, _) = await TestRegistry.StartAsync(_directory.Path);
        var cluster = Akka.Cluster.Cluster.Get(_system);
        _known = cluster.State;
        _self = new(cluster.SelfUniqueAddress, MemberStatus.Up, AsControlPlane);
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(MemberStatus.Joining)]
    [InlineData(MemberStatus.Up)]
    [InlineData(MemberStatus.Leaving)]
    [InlineData(MemberStatus.Exiting)]
    [InlineData(MemberStatus.Down)]
    public void Workers_come_and_go(MemberStatus status)
    {
        Assert.True(GossipJudge.Allows([_self], _known));
        Assert.True(GossipJudge.Allows([_self, new(Worker, status, AsWorker)], _known));
    }

    [Theory]
    [InlineData(MemberStatus.Joining)]
    [InlineData(MemberStatus.Leaving)]
    [InlineData(MemberStatus.Exiting)]
    [InlineData(MemberStatus.Down)]
    [InlineData(MemberStatus.Removed)]
    public void The_control_plane_stays(MemberStatus status) => Assert.False(GossipJudge.Allows([_self with { Status = status }], _known));

    [Fact]
    public void It_is_not_left_out() => Assert.False(GossipJudge.Allows([new(Worker, MemberStatus.Up, AsWorker)], _known));

    [Fact]
    public void Nobody_comes_as_control_plane() => Assert.False(GossipJudge.Allows([_self, new(Worker, MemberStatus.Up, AsControlPlane)], _known));

    [Fact]
    public void Nor_under_a_role_that_no_worker_has() => Assert.False(GossipJudge.Allows([_self, new(Worker, MemberStatus.Up, new HashSet<string> { "worker", "x" })], _known));

    [Fact]
    public void Nobody_changes_roles() => Assert.False(GossipJudge.Allows([_self with { Roles = AsWorker }], _known));
}
