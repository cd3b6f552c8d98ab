using System.Diagnostics;
using System.Threading.Channels;
using ActorOrch.Networking.Kernel;
using ActorOrch.Networking.Kernel.Bridges;
using ActorOrch.Networking.Kernel.Watching;
using ActorOrch.Networking.Tests.Machines;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using static ActorOrch.Networking.Tests.Objects;

namespace ActorOrch.Networking.Tests.Kernel.Watching;

/// <summary>Other programs meddle with a machine whose services are programmed: it notices by itself, and they are reached again.</summary>
public sealed class WatchedMachineTests : TestKit, IClassFixture<KernelTools>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly NetworkSettings Settings = TestSettings.Named("aonettest") with { BridgeName = "actor0", DrainLinger = TimeSpan.Zero };

    private readonly RecordedEvents _events = new();
    private readonly InMemoryRegistry _registry = new();

    public static readonly TheoryData<string> RuleChanges =
    [
        "nft flush ruleset",
        "nft delete table ip aonettest",
        "nft flush table ip aonettest",
        "nft flush chain ip aonettest prerouting",
        "nft insert rule ip aonettest services drop",
        "nft delete element ip aonettest service-ips '{ 10.96.0.10 . tcp . 80 }'",
        "nft flush map ip aonettest service-ips",
        // A firewall that is started again with what it has saved.
        "(echo flush ruleset; nft list ruleset) > /tmp/$NS.nft && nft delete table ip aonettest && nft -f /tmp/$NS.nft; rm -f /tmp/$NS.nft",
    ];

    [Theory]
    [MemberData(nameof(RuleChanges))]
    public async Task Rules_that_another_program_changes_are_programmed_again(string change)
    {
        using var machine = new TestMachine(pods: 2);
        machine.Serve(1);
        await StartAsync(machine, machine.Nftables);

        Meddle(machine, change);

        Assert.StartsWith("ServiceRulesChanged: ", await _events.NextAsync(), StringComparison.Ordinal);
        await AwaitAssertAsync(async () => Assert.StartsWith("1 ", await AskAsync(machine), StringComparison.Ordinal), Long);
    }

    [Fact]
    public async Task What_it_does_itself_and_others_do_elsewhere_is_no_change()
    {
        using var machine = new TestMachine(pods: 2);
        machine.Serve(1);
        machine.Serve(2);
        await StartAsync(machine, machine.Nftables);

        for (var i = 0; i < 5; i++)
        {
            await PutAsync(1 + (i % 2));
            await AwaitAssertAsync(async () => Assert.StartsWith($"{1 + (i % 2)} ", await AskAsync(machine), StringComparison.Ordinal), Long);
        }
        Meddle(machine, "nft add table ip other && nft add chain ip other c && nft delete table ip other && ip link add name d0 type bridge && ip link del d0");
        // Behind all that, in the order in which the kernel tells it.
        Meddle(machine, "nft delete table ip aonettest");

        Assert.StartsWith("ServiceRulesChanged: ", await _events.NextAsync(), StringComparison.Ordinal);
        await AwaitAssertAsync(async () => Assert.StartsWith("1 ", await AskAsync(machine), StringComparison.Ordinal), Long);
        Assert.Equal(0, _events.Count);
    }

    [Fact]
    public async Task The_library_knows_its_own_changes_too()
    {
        using var machine = new TestMachine(pods: 1);
        var nftables = new LibNftables();
        using var watch = new WatchOf(machine.Host, new KernelWatch(Settings, nftables, new PodBridge("actor0")));
        var heard = new Heard();
        watch.Start(heard);

        // Its thread is where the one is that begins it.
        await NetworkNamespace.Run(machine.Host, () => nftables.ApplyAsync("add table ip aonettest\nadd chain ip aonettest c\n", default));
        await NetworkNamespace.Run(machine.Host, () => nftables.ApplyAsync("delete table ip aonettest\n", default));
        Meddle(machine, "nft add table ip aonettest");

        Assert.Matches(@"^nft \(pid \d+\)$", await heard.NextAsync());
        Assert.Equal(0, heard.Count);
    }

    public static readonly TheoryData<string, string> MachineChanges = new()
    {
        { "sysctl -qw net.ipv4.ip_forward=0", "net.ipv4.ip_forward was off" },
        { "sysctl -qw net.ipv6.conf.all.forwarding=0", "net.ipv6.conf.all.forwarding was off" },
        { "sysctl -qw net.ipv4.conf.actor0.forwarding=0", "net.ipv4.conf.actor0.forwarding was off" },
        { "ip addr del 10.244.0.1/24 dev actor0", "the bridge actor0 had lost its address 10.244.0.1/24" },
        { "ip addr del fd00:10:244::1/64 dev actor0", "the bridge actor0 had lost its address fd00:10:244::1/64" },
        { "ip link set actor0 down", "the bridge actor0 was down" },
        { "ip link del actor0", "the bridge actor0 was gone" },
    };

    [Theory]
    [MemberData(nameof(MachineChanges))]
    public async Task What_the_pods_lose_of_the_machine_is_put_right(string change, string told)
    {
        using var machine = new TestMachine(pods: 2);
        machine.Serve(1);
        await StartAsync(machine, machine.Nftables);

        Meddle(machine, change);

        Assert.Equal($"NetworkChanged: the machine's network was changed by another program and is put right: {told}", await _events.NextAsync());
        foreach (var address in new[] { "10.96.0.10", "fd00:10:96::10" })
            await AwaitAssertAsync(async () => Assert.StartsWith("1 ", await TestMachine.AskAsync(machine.Pod(2), address, 80), StringComparison.Ordinal), Long);
    }

    [Fact]
    public async Task Two_that_do_not_agree_leave_each_other_time()
    {
        using var machine = new TestMachine(pods: 1);
        machine.Serve(1);
        await StartAsync(machine, machine.Nftables);
        var started = Stopwatch.GetTimestamp();

        // Whenever services are programmed again they are deleted again.
        for (var round = 0; round < 5; round++)
        {
            Meddle(machine, "nft delete table ip aonettest");
            await _events.NextAsync();
            await AwaitAssertAsync(() => Meddle(machine, "nft list table ip aonettest"), Long);
        }

        // At once, and then after 0.1, 0.2, 0.4 and 0.8 s.
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(1.4), $"{Stopwatch.GetElapsedTime(started)}");
    }

    private async Task StartAsync(TestMachine machine, INftables nftables)
    {
        await _registry.PutAsync(BuiltIn.Services, Service(change: spec =>
        {
            spec.ClusterIPs = ["10.96.0.10", "fd00:10:96::10"];
            spec.IpFamilies = ["IPv4", "IPv6"];
        }));
        await PutAsync(1);
        var bridge = new PodBridge("actor0");
        var network = new LinuxNodeNetwork(Settings, bridge, Log);
        NetworkNamespace.Run(machine.Host, () =>
        {
            bridge.Look();
            return true;
        });
        Func<IKernelWatch> watch = () => new WatchOf(machine.Host, new KernelWatch(Settings, nftables, bridge));
        var restored = new TestNodeNetwork(machine.Host, true, () => NetworkNamespace.Run(machine.Host, network.Restore));
        Sys.ActorOf(Props.Create(() => new ServiceProgrammer(_registry, Settings, "node-1", nftables, restored, watch, _events, TimeProvider.System)));
        await AwaitAssertAsync(async () => Assert.StartsWith("1 ", await AskAsync(machine), StringComparison.Ordinal), Long);
    }

    private async Task PutAsync(int pod)
    {
        await _registry.PutAsync(BuiltIn.EndpointSlices, Slice("web", "IPv4", [Endpoint(TestMachine.AddressOf(pod))]));
        await _registry.PutAsync(BuiltIn.EndpointSlices, Slice("web", "IPv6", [Endpoint(TestMachine.Address6Of(pod))]));
    }

    private static Task<string> AskAsync(TestMachine machine) => TestMachine.AskAsync(machine.Host, "10.96.0.10", 80);

    private static void Meddle(TestMachine machine, string script) =>
        TestMachine.Shell($"ip netns exec {machine.Host} env NS={machine.Host} sh -ec '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'");

    /// <summary>Listens in a machine's namespace.</summary>
    private sealed class WatchOf(string host, KernelWatch watch) : IKernelWatch
    {
        public void Start(IKernelListener listener) => NetworkNamespace.Run(host, () =>
        {
            watch.Start(listener);
            return true;
        });

        public void Dispose() => watch.Dispose();
    }

    private sealed class Heard : IKernelListener
    {
        private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

        public int Count => _heard.Reader.Count;

        public void OnRulesChanged(string by) => _heard.Writer.TryWrite(by);

        public void OnMachineChanged() => _heard.Writer.TryWrite("the machine");

        public void OnDeaf(string why) => _heard.Writer.TryWrite(why);

        public async Task<string> NextAsync() => await _heard.Reader.ReadAsync().AsTask().WaitAsync(Long);
    }
}
