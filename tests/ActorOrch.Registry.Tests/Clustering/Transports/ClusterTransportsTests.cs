using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Clustering.Transports;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace ActorOrch.Registry.Tests.Clustering.Transports;

public sealed class ClusterTransportsTests
{
    private const string OnPostgreSql = "actororch.store { provider = postgresql\n postgresql.connection-string = \"Host=db\" }";
    private const string WithSeed = "akka.cluster.seed-nodes = [\"akka.tcp://actororch@10.0.0.1:4053\"]";

    [Theory]
    [InlineData("akka.loglevel = INFO", true)]
    [InlineData(OnPostgreSql, false)]
    [InlineData(WithSeed, false)]
    [InlineData(OnPostgreSql + "\n" + WithSeed, false)]
    public void A_process_is_alone_where_its_store_is_its_own_and_it_has_no_seed_nodes(string settings, bool alone)
    {
        var config = ActorOrchConfig.Load(new() { Overrides = settings });
        Assert.Equal(alone, ClusterTransports.IsAlone(config));
        Assert.Equal(alone, config.GetStringList("akka.remote.enabled-transports").SequenceEqual(["akka.remote.alone"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(OnPostgreSql)]
    public void Nobody_chooses_another_transport(string settings)
    {
        var error = Assert.Throws<ConfigurationException>(() =>
            ActorOrchConfig.Load(new() { Overrides = $"{settings}\nakka.remote.enabled-transports = [\"akka.remote.dot-netty.tcp\"]" }));
        Assert.Contains("akka.remote.enabled-transports", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alone_it_owns_its_collections_and_reaches_nobody()
    {
        using var directory = new TemporaryDirectory();
        var (system, registry) = await TestRegistry.StartAsync(directory.Path);
        Assert.Equal("akka.alone://actororch@this-process:1", Akka.Cluster.Cluster.Get(system).SelfAddress.ToString());
        Assert.All(registry.Types, type => Assert.True(registry[type].IsOwner));
        var refused = await Assert.ThrowsAsync<InvalidAssociationException>(() =>
            new AloneTransport(system, Config.Empty).Associate(new("tcp", "actororch", "127.0.0.1", 4053)));
        Assert.Contains("alone", refused.Message, StringComparison.Ordinal);
        await system.Terminate();
    }
}
