using ActorOrch.Agent.Pods.Specs;

namespace ActorOrch.Agent.Tests.Pods;

public sealed class PodDnsTests
{
    private const string Host = "# made by hand\nsearch example.org\nnameserver 192.0.2.1\noptions timeout:2 rotate\n";
    private static readonly ClusterDns Cluster = new(["10.96.0.10"]);

    [Fact]
    public void ClusterFirst_asks_the_cluster_and_searches_the_namespace_first() => Assert.Equal(
        "search default.svc.cluster.local svc.cluster.local cluster.local example.org\nnameserver 10.96.0.10\noptions ndots:5\n",
        PodDns.Write(TestPods.Sleeping("dns"), Host, Cluster));

    [Fact]
    public void Default_and_a_cluster_without_name_servers_take_the_machines()
    {
        const string expected = "search example.org\nnameserver 192.0.2.1\noptions timeout:2 rotate\n";
        var pod = TestPods.Sleeping("dns");
        Assert.Equal(expected, PodDns.Write(pod, Host, null));
        pod.Spec.DnsPolicy = "Default";
        Assert.Equal(expected, PodDns.Write(pod, Host, Cluster));
    }

    [Fact]
    public void None_takes_what_the_pod_says_alone()
    {
        var pod = TestPods.Sleeping("dns");
        pod.Spec.DnsPolicy = "None";
        pod.Spec.DnsConfig = new() { Nameservers = ["1.1.1.1"], Searches = ["my.dns"], Options = [new() { Name = "ndots", Value = "2" }, new() { Name = "edns0" }] };
        Assert.Equal("search my.dns\nnameserver 1.1.1.1\noptions ndots:2 edns0\n", PodDns.Write(pod, Host, Cluster));
    }

    [Fact]
    public void A_pod_on_the_machines_network_asks_the_cluster_only_where_it_says_so()
    {
        var pod = TestPods.Sleeping("dns");
        pod.Spec.HostNetwork = true;
        Assert.Contains("192.0.2.1", PodDns.Write(pod, Host, Cluster), StringComparison.Ordinal);
        pod.Spec.DnsPolicy = "ClusterFirstWithHostNet";
        Assert.Contains("10.96.0.10", PodDns.Write(pod, Host, Cluster), StringComparison.Ordinal);
    }
}
