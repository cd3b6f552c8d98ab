using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorOrch.Networking.Kernel;
using ActorOrch.Networking.Tests.Machines;
using ActorOrch.Resources.Objects;
using k8s.Models;
using static ActorOrch.Networking.Tests.Objects;

namespace ActorOrch.Networking.Tests.Kernel;

/// <summary>The rules at work, in network namespaces of their own.</summary>
public class ServicesInTheKernelTests : IClassFixture<KernelTools>
{
    private static readonly ObjectKey Key = new("default", "web");
    private static readonly NetworkSettings Settings = TestSettings.Named("aonettest");

    [Fact]
    public async Task Pods_and_host_reach_ready_pods_through_cluster_ips_of_both_families()
    {
        using var machine = new TestMachine(pods: 3);
        machine.Serve(1);
        machine.Serve(2);
        await ProgramAsync(machine, Dual(), Endpoints(1, 2));

        foreach (var from in new[] { machine.Pod(3), machine.Host })
        {
            foreach (var address in new[] { "10.96.0.10", "fd00:10:96::10" })
            {
                var answers = new HashSet<string>();
                for (var i = 0; i < 40; i++) answers.Add((await TestMachine.AskAsync(from, address, 80))[..1]);
                Assert.Equal(["1", "2"], answers.Order());
            }
        }
    }

    [Fact]
    public async Task A_pod_keeps_its_address_on_its_way_to_another_pod()
    {
        using var machine = new TestMachine(pods: 2);
        machine.Serve(1);
        await ProgramAsync(machine, Dual(), Endpoints(1));

        Assert.Equal("1 10.244.0.3", await TestMachine.AskAsync(machine.Pod(2), "10.96.0.10", 80));
    }

    [Fact]
    public async Task A_pod_reaches_itself_through_its_service()
    {
        using var machine = new TestMachine(pods: 1);
        machine.Serve(1);
        await ProgramAsync(machine, Dual(), Endpoints(1));

        Assert.Equal("1 10.244.0.1", await TestMachine.AskAsync(machine.Pod(1), "10.96.0.10", 80));
        Assert.StartsWith("1 ", await TestMachine.AskAsync(machine.Pod(1), "fd00:10:96::10", 80), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_reach_pods_of_the_same_bridge_where_bridges_are_not_filtered()
    {
        using var machine = new TestMachine(pods: 2, bridgeFiltered: false);
        machine.Serve(1);
        await ProgramAsync(machine, Dual(), Endpoints(1), bridgeFiltered: false);

        Assert.StartsWith("1 ", await TestMachine.AskAsync(machine.Pod(2), "10.96.0.10", 80), StringComparison.Ordinal);
        Assert.StartsWith("1 ", await TestMachine.AskAsync(machine.Pod(2), "fd00:10:96::10", 80), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_endpoints_and_an_unknown_cluster_ip_refuse_at_once()
    {
        using var machine = new TestMachine(pods: 1);
        await ProgramAsync(machine, Dual(nodePort: 30080), []);

        foreach (var (from, address, port) in new[]
        {
            (machine.Pod(1), "10.96.0.10", 80), (machine.Host, "10.96.0.10", 80), (machine.Pod(1), "fd00:10:96::10", 80),
            (machine.Pod(1), "10.96.7.7", 80), (machine.Client, "192.0.2.1", 30080),
        })
        {
            var refused = await Assert.ThrowsAsync<SocketException>(() => TestMachine.AskAsync(from, address, port));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        }
    }

    [Fact]
    public async Task A_node_port_answers_on_every_address_of_the_machine_also_on_localhost()
    {
        using var machine = new TestMachine(pods: 2);
        machine.Serve(1);
        await ProgramAsync(machine, Dual(nodePort: 30080), Endpoints(1));

        foreach (var (from, address) in new[]
        {
            (machine.Client, "192.0.2.1"), (machine.Client, "fd00:2::1"), (machine.Host, "127.0.0.1"), (machine.Host, "192.0.2.1"),
            (machine.Pod(2), "10.244.0.1"), (machine.Pod(2), "192.0.2.1"),
        })
            Assert.StartsWith("1 ", await TestMachine.AskAsync(from, address, 30080), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_only_node_port_shows_the_clients_own_address()
    {
        using var machine = new TestMachine(pods: 1);
        machine.Serve(1);
        TestMachine.Shell($"ip -n {machine.Client} route add 10.244.0.0/24 via 192.0.2.1");
        var service = Dual(nodePort: 30080);
        service.Spec.ExternalTrafficPolicy = "Local";
        await ProgramAsync(machine, service, Endpoints(1));

        Assert.Equal("1 192.0.2.2", await TestMachine.AskAsync(machine.Client, "192.0.2.1", 30080));
    }

    [Fact]
    public async Task Session_affinity_keeps_a_client_on_its_endpoint()
    {
        using var machine = new TestMachine(pods: 4);
        for (var pod = 1; pod <= 3; pod++) machine.Serve(pod);
        var service = Dual();
        service.Spec.SessionAffinity = "ClientIP";
        await ProgramAsync(machine, service, Endpoints(1, 2, 3));

        var answers = new HashSet<string>();
        for (var i = 0; i < 30; i++) answers.Add(await TestMachine.AskAsync(machine.Pod(4), "10.96.0.10", 80));

        Assert.Single(answers);
    }

    [Fact]
    public async Task A_packet_that_comes_while_the_rules_change_is_not_refused()
    {
        using var machine = new TestMachine(pods: 3);
        var service = Service(ports: Port(53, "8080", protocol: "UDP"));
        var table = await ProgramAsync(machine, service, UdpEndpoints(1, 2, 3));
        using var sent = new CancellationTokenSource();
        var scripts = Task.Run(() => NetworkNamespace.Run(machine.Host, () =>
        {
            var count = 0;
            for (; !sent.IsCancellationRequested; count++)
                LibNftables.Apply(ScriptTo(table, service, count % 2 == 0 ? UdpEndpoints(1, 2) : UdpEndpoints(1, 2, 3)));
            return count;
        }));
        try
        {
            // Each from a port of its own, as only the first packet of a flow passes the rules. One that is refused cannot be sent.
            NetworkNamespace.Run(machine.Host, () =>
            {
                var server = new IPEndPoint(IPAddress.Parse("10.96.0.10"), 53);
                for (var i = 0; i < 100_000; i++)
                {
                    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                    socket.SendTo("one"u8, server);
                }
                return 0;
            });
        }
        finally
        {
            await sent.CancelAsync();
        }
        Assert.True(await scripts > 100, $"only {await scripts} scripts were applied");
    }

    [Fact]
    public async Task A_udp_client_that_keeps_its_port_moves_on_when_its_endpoint_goes()
    {
        using var machine = new TestMachine(pods: 3);
        var service = Service(ports: Port(53, "8080", protocol: "UDP"));
        var table = await ProgramAsync(machine, service, UdpEndpoints(1));
        using var first = Udp(machine.Pod(1));
        using var second = Udp(machine.Pod(2));
        using var client = NetworkNamespace.Run(machine.Pod(3), () => new UdpClient(0, AddressFamily.InterNetwork));
        var server = new IPEndPoint(IPAddress.Parse("10.96.0.10"), 53);
        await client.SendAsync("one"u8.ToArray(), server);
        Assert.Equal("one", Encoding.ASCII.GetString((await ReceiveAsync(first)).Buffer));

        await machine.Nftables.ApplyAsync(ScriptTo(table, service, UdpEndpoints(2)), default);
        new TestNodeNetwork(machine.Host).ForgetUdpTarget(new(TestMachine.AddressOf(1), 8080));
        await client.SendAsync("two"u8.ToArray(), server);

        Assert.Equal("two", Encoding.ASCII.GetString((await ReceiveAsync(second)).Buffer));
    }

    [Fact]
    public void The_library_applies_a_script_whole_or_not_at_all()
    {
        using var machine = new TestMachine(pods: 0);

        NetworkNamespace.Run(machine.Host, () => { LibNftables.Apply("add table ip aonetlib\nadd chain ip aonetlib one\n"); return 0; });
        var failure = Assert.Throws<NftablesException>(() =>
            NetworkNamespace.Run(machine.Host, () => { LibNftables.Apply("add chain ip aonetlib two\nadd rule ip aonetlib nowhere accept\n"); return 0; }));

        Assert.Contains("No such file or directory", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.Unavailable);
        var chains = TestMachine.Shell($"ip netns exec {machine.Host} nft list table ip aonetlib");
        Assert.Contains("chain one", chains, StringComparison.Ordinal);
        Assert.DoesNotContain("chain two", chains, StringComparison.Ordinal);
    }

    private static V1EndpointSlice[] UdpEndpoints(params IReadOnlyList<int> pods) =>
        [Slice("web", "IPv4", [.. pods.Select(p => Endpoint(TestMachine.AddressOf(p)))], new Discoveryv1EndpointPort { Name = "", Port = 8080, Protocol = "UDP" })];

    private static UdpClient Udp(string pod) => NetworkNamespace.Run(pod, () => new UdpClient(8080));

    private static async Task<UdpReceiveResult> ReceiveAsync(UdpClient server)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await server.ReceiveAsync(limit.Token);
    }

    private static V1Service Dual(int? nodePort = null) =>
        Service(change: s => s.ClusterIPs = ["10.96.0.10", "fd00:10:96::10"], ports: Port(nodePort: nodePort));

    private static V1EndpointSlice[] Endpoints(params IReadOnlyList<int> pods) =>
    [
        Slice("web", "IPv4", [.. pods.Select(p => Endpoint(TestMachine.AddressOf(p)))]),
        Slice("web", "IPv6", [.. pods.Select(p => Endpoint(TestMachine.Address6Of(p)))]),
    ];

    private static string ScriptTo(ServiceTable table, V1Service service, V1EndpointSlice[] slices)
    {
        var script = new StringBuilder();
        var rules = ServicePlan.Build(table.Family, ServiceView.From(Key, service)!, slices, "node-1", Settings);
        table.Apply(script, new Dictionary<ObjectKey, ServiceRules> { [Key] = rules });
        return script.ToString();
    }

    private static async Task<ServiceTable> ProgramAsync(TestMachine machine, V1Service service, V1EndpointSlice[] slices, bool bridgeFiltered = true)
    {
        var script = new StringBuilder();
        var tables = NftFamily.Both.Select(f => new ServiceTable(f, Settings)).ToList();
        foreach (var table in tables)
        {
            var rules = ServicePlan.Build(table.Family, ServiceView.From(Key, service)!, slices, "node-1", Settings);
            table.Apply(new(), new Dictionary<ObjectKey, ServiceRules> { [Key] = rules });
            table.AppendAll(script, bridgeFiltered);
        }
        await machine.Nftables.ApplyAsync(script.ToString(), default);
        return tables[0];
    }
}
