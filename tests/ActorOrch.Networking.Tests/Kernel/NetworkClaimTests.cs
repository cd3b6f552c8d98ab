using ActorOrch.Networking.Kernel;

namespace ActorOrch.Networking.Tests.Kernel;

public sealed class NetworkClaimTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actororch-claims-");

    [Theory]
    [InlineData("one", "other", "the nftables table \"one\"")]
    [InlineData("other", "one", "the bridge \"one\"")]
    public void What_another_has_is_named_with_its_data_directory_and_its_process(string table, string bridge, string what)
    {
        using var first = Take("one", "one", "/data/first");
        var refused = Assert.Throws<NetworkClaimedException>(() => Take(table, bridge, "/data/second"));
        Assert.Contains($"another actororch (pid {Environment.ProcessId}) with the data directory /data/first has {what}", refused.Message);
    }

    [Fact]
    public void A_refused_one_leaves_nothing_claimed()
    {
        using var first = Take("one", "one", "/data/first");
        Assert.Throws<NetworkClaimedException>(() => Take("two", "one", "/data/second"));
        using var third = Take("two", "two", "/data/third");
    }

    [Fact]
    public void Others_names_are_free_and_so_is_what_was_let_go()
    {
        var first = Take("one", "one", "/a/long/data/directory");
        using var second = Take("two", "two", "/data/second");
        first.Dispose();
        using var third = Take("one", "one", "/d");
        Assert.Contains("with the data directory /d has", Assert.Throws<NetworkClaimedException>(() => Take("one", "x", "/")).Message);
    }

    [Theory]
    [InlineData("10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/24", "10.1.128.0/24", "10.3.0.0/16", "10.3.0.0/24", "service-cidrs 10.1.128.0/24 overlaps with its service-cidrs 10.1.0.0/16")]
    [InlineData("10.1.128.0/24", "10.2.0.0/16", "10.2.0.0/24", "10.1.0.0/16", "10.3.0.0/16", "10.3.0.0/24", "service-cidrs 10.1.0.0/16 overlaps with its service-cidrs 10.1.128.0/24")]
    [InlineData("10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/24", "10.4.0.0/16", "10.2.0.0/16", "10.2.1.0/24", "pod-cidrs 10.2.0.0/16 overlaps with its pod-cidrs 10.2.0.0/16")]
    [InlineData("10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/24", "10.4.0.0/16", "10.0.0.0/8", "10.2.0.128/25", "local-pod-cidrs 10.2.0.128/25 overlaps with its local-pod-cidrs 10.2.0.0/24")]
    [InlineData("10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/24", "10.2.5.0/24", "10.3.0.0/16", "10.3.0.0/24", "service-cidrs 10.2.5.0/24 overlaps with its pod-cidrs 10.2.0.0/16")]
    [InlineData("10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/24", "10.4.0.0/16", "10.1.0.0/24", "10.1.0.0/28", "pod-cidrs 10.1.0.0/24 overlaps with its service-cidrs 10.1.0.0/16")]
    [InlineData("fd00:1::/112", "fd00:2::/48", "fd00:2::/64", "fd00:1::/108", "fd00:3::/48", "fd00:3::/64", "service-cidrs fd00:1::/108 overlaps with its service-cidrs fd00:1::/112")]
    public void Ranges_that_overlap_are_named(string services, string pods, string local, string otherServices, string otherPods, string otherLocal, string conflict)
    {
        using var first = Take("one", Use("/data/first", services, pods, local));

        var refused = Assert.Throws<NetworkClaimedException>(() => Take("two", Use("/data/second", otherServices, otherPods, otherLocal)));

        Assert.StartsWith($"another actororch (pid {Environment.ProcessId}) with the data directory /data/first runs on this machine, and actororch.network.{conflict}: ", refused.Message);
        Assert.EndsWith("in the file of --config: actororch.network.bridge, table, service-cidrs, pod-cidrs and local-pod-cidrs", refused.Message);
        first.Dispose();
        // What a dead one has left counts for nothing.
        using var second = Take("two", Use("/data/second", otherServices, otherPods, otherLocal));
    }

    [Fact]
    public void Ranges_beside_each_other_are_free_and_shared_node_ports_are_told()
    {
        using var first = Take("one", Use("/data/first", "10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/24"));
        using var second = Take("two", Use("/data/second", "10.3.0.0/16", "10.4.0.0/16", "10.4.0.0/24"));
        using var third = Take("three", Use("/data/third", "10.5.0.0/16", "10.6.0.0/16", "10.6.0.0/24") with { NodePortFirst = 32768, NodePortLast = 32800 });

        Assert.Empty(first.Shared);
        Assert.Contains("with the data directory /data/first runs on this machine, and node ports from 30000 to 32767 are given out by both", Assert.Single(second.Shared));
        Assert.Empty(third.Shared);
    }

    [Fact]
    public void Processes_of_one_cluster_have_its_services_and_pods_in_common_but_not_their_own_pods()
    {
        var use = Use("/data/first", "10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/24") with { Cluster = "akka.tcp://actororch@a:4053" };
        using var first = Take("one", use);
        using var second = Take("two", use with { LocalPodCidrs = ["10.2.1.0/24"] });

        Assert.Empty(second.Shared);
        Assert.Contains("local-pod-cidrs 10.2.0.0/24 overlaps", Assert.Throws<NetworkClaimedException>(() => Take("three", use)).Message);
        Assert.Contains("service-cidrs 10.1.0.0/16 overlaps", Assert.Throws<NetworkClaimedException>(() => Take("three", use with { Cluster = "", LocalPodCidrs = ["10.2.2.0/24"] })).Message);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private NetworkClaim Take(string table, string bridge, string dataDirectory) => NetworkClaim.Take(table, bridge, NetworkUse.OfNamesAlone(dataDirectory), _directory.FullName);

    private NetworkClaim Take(string name, NetworkUse use) => NetworkClaim.Take(name, name, use, _directory.FullName);

    private static NetworkUse Use(string dataDirectory, string services, string pods, string local) => new()
    {
        DataDirectory = dataDirectory,
        ServiceCidrs = [services],
        PodCidrs = [pods],
        LocalPodCidrs = [local],
        NodePortFirst = 30000,
        NodePortLast = 32767,
    };
}
