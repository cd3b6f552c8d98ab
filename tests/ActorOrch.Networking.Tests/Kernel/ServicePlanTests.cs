using System.Text;
using ActorOrch.Networking.Kernel;
using ActorOrch.Resources.Objects;
using k8s.Models;
using static ActorOrch.Networking.Tests.Objects;

namespace ActorOrch.Networking.Tests.Kernel;

public class ServicePlanTests
{
    private static readonly NetworkSettings Settings = TestSettings.Named("aonettest");
    private static readonly ObjectKey Key = new("default", "web");

    [Fact]
    public void New_connections_are_spread_over_the_ready_endpoints_only()
    {
        var script = Script(Service(), Slice("web", "IPv4", [Endpoint("10.244.0.2"), Endpoint("10.244.0.3", ready: false, serving: false), Endpoint("10.244.0.4")]));

        Assert.Equal(
            """
            add chain ip aonettest cluster-HASH-default/web/tcp
            add rule ip aonettest cluster-HASH-default/web/tcp ip saddr != @pod-cidrs meta mark set meta mark | 0x4000
            add rule ip aonettest cluster-HASH-default/web/tcp meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.244.0.2 . 8080, 1 : 10.244.0.4 . 8080 }
            add rule ip aonettest cluster-HASH-default/web/tcp meta l4proto tcp dnat ip to 10.244.0.2:8080
            add element ip aonettest service-ips { 10.96.0.10 . tcp . 80 : goto cluster-HASH-default/web/tcp }
            add element ip aonettest hairpin { 10.244.0.2 . 10.244.0.2, 10.244.0.4 . 10.244.0.4 }

            """, script);
    }

    [Fact]
    public void A_service_without_ready_endpoints_is_refused()
    {
        var script = Script(Service(ports: Port(nodePort: 30080)), Slice("web", "IPv4", [Endpoint("10.244.0.2", ready: false, serving: false)]));

        Assert.Equal(
            """
            add element ip aonettest refused-ips { 10.96.0.10 . tcp . 80 : goto refuse }
            add element ip aonettest refused-ports { tcp . 30080 : goto refuse }

            """, script);
    }

    [Fact]
    public void Where_nothing_is_ready_terminating_endpoints_that_still_serve_are_the_last_resort_and_nobody_waits_for_them()
    {
        var slice = Slice("web", "IPv4", [Endpoint("10.244.0.2", ready: false, serving: true, terminating: true)]);

        var rules = Build(Service(), slice);

        Assert.Contains("dnat ip to 10.244.0.2:8080", Assert.Single(rules.Chains).Value[1], StringComparison.Ordinal);
        Assert.Empty(rules.LiveTargets);
    }

    [Fact]
    public void Outside_clients_of_a_local_only_node_port_reach_local_endpoints_with_their_own_address()
    {
        var service = Service(change: s => s.ExternalTrafficPolicy = "Local", ports: Port(nodePort: 30080));

        var rules = Build(service, Slice("web", "IPv4", [Endpoint("10.244.0.2"), Endpoint("10.244.9.2", node: "node-9")]));

        var external = rules.Chains.Single(c => c.Key.StartsWith("external-", StringComparison.Ordinal)).Value;
        Assert.Equal("meta l4proto tcp dnat ip to 10.244.0.2:8080", external[^1]);
        Assert.StartsWith("ip saddr @pod-cidrs goto anywhere-", external[0], StringComparison.Ordinal);
        Assert.StartsWith("fib saddr type local meta mark set", external[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_clients_of_a_local_only_node_port_are_dropped_where_no_endpoint_is_local()
    {
        var service = Service(change: s => s.ExternalTrafficPolicy = "Local", ports: Port(nodePort: 30080));

        var rules = Build(service, Slice("web", "IPv4", [Endpoint("10.244.9.2", node: "node-9")]));

        Assert.Equal("drop", rules.Chains.Single(c => c.Key.StartsWith("external-", StringComparison.Ordinal)).Value[^1]);
    }

    [Fact]
    public void Inside_clients_of_a_local_only_service_reach_local_endpoints_or_none()
    {
        var service = Service(change: s => s.InternalTrafficPolicy = "Local");

        var here = Build(service, Slice("web", "IPv4", [Endpoint("10.244.0.2"), Endpoint("10.244.9.2", node: "node-9")]));
        var elsewhere = Build(service, Slice("web", "IPv4", [Endpoint("10.244.9.2", node: "node-9")]));

        Assert.Equal("meta l4proto tcp dnat ip to 10.244.0.2:8080", Assert.Single(here.Chains).Value[1]);
        Assert.Equal(new NftElement("refused-ips", "10.96.0.10 . tcp . 80", "drop"), Assert.Single(elsewhere.Elements));
    }

    [Fact]
    public void Session_affinity_gives_each_endpoint_a_set_of_its_clients()
    {
        var service = Service(change: s => s.SessionAffinity = "ClientIP");
        service.Spec.SessionAffinityConfig = new() { ClientIP = new() { TimeoutSeconds = 60 } };

        var rules = Build(service, Slice("web", "IPv4", [Endpoint("10.244.0.2"), Endpoint("10.244.0.3")]));

        Assert.Equal(2, rules.Sets.Count);
        Assert.All(rules.Sets.Values, s => Assert.Contains("timeout 60s", s, StringComparison.Ordinal));
        Assert.Equal(3, rules.Chains.Count);
        var deal = rules.Chains.Single(c => c.Key.StartsWith("cluster-", StringComparison.Ordinal)).Value;
        Assert.StartsWith("numgen random mod 2 vmap { 0 : goto endpoint-60-", deal[^2], StringComparison.Ordinal);
        // Reached where the kernel changes scripts between the rule and its map.
        Assert.StartsWith("goto endpoint-60-", deal[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Each_family_has_its_own_endpoints()
    {
        var service = Service(change: s => s.ClusterIPs = ["10.96.0.10", "fd00:10:96::10"]);
        var slices = new[] { Slice("web", "IPv4", [Endpoint("10.244.0.2")]), Slice("web", "IPv6", [Endpoint("fd00:10:244::2")]) };

        var rules = ServicePlan.Build(NftFamily.IPv6, ServiceView.From(Key, service)!, slices, "node-1", Settings);

        Assert.Equal("meta l4proto tcp dnat ip6 to [fd00:10:244::2]:8080", Assert.Single(rules.Chains).Value[1]);
        Assert.Contains(rules.Elements, e => e.Key == "fd00:10:96::10 . tcp . 80");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("fd00:10:244::2")]
    public void What_leads_to_the_machine_itself_gets_no_rule_whoever_wrote_it(string address)
    {
        var service = Service(change: s => s.ExternalIPs = [address]);
        service.Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = address }] } };

        var script = Script(service, Slice("web", "IPv4", [Endpoint(address), Endpoint("10.244.0.2")]));

        Assert.Contains("10.244.0.2", script);
        Assert.DoesNotContain(address, script);
        Assert.DoesNotContain("127.0.0.1", script);
    }

    [Theory]
    [InlineData("None", "ClusterIP")]
    [InlineData("", "ExternalName")]
    public void Headless_and_external_name_services_have_no_rules(string clusterIP, string type) =>
        Assert.Null(ServiceView.From(Key, Service(change: s => (s.ClusterIP, s.Type) = (clusterIP, type))));

    private static ServiceRules Build(V1Service service, params V1EndpointSlice[] slices) =>
        ServicePlan.Build(NftFamily.IPv4, ServiceView.From(Key, service)!, slices, "node-1", Settings);

    private static string Script(V1Service service, params V1EndpointSlice[] slices)
    {
        var script = new StringBuilder();
        new ServiceTable(NftFamily.IPv4, Settings).Apply(script, new Dictionary<ObjectKey, ServiceRules> { [Key] = Build(service, slices) });
        return System.Text.RegularExpressions.Regex.Replace(script.ToString(), "(?<=cluster-)[a-z2-7]{8}", "HASH");
    }

    [Theory]
    [InlineData("service.kubernetes.io/service-proxy-name")]
    [InlineData("service.kubernetes.io/headless")]
    public void A_service_whose_label_says_so_is_left_to_others(string label)
    {
        var service = Service();
        service.Metadata.Labels = new Dictionary<string, string> { [label] = "" };
        Assert.Null(ServiceView.From(Key, service));
    }
}
