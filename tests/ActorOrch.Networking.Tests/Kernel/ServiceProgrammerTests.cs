using ActorOrch.Networking.Kernel;
using ActorOrch.Networking.Kernel.Watching;
using ActorOrch.Networking.Tests.Machines;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using static ActorOrch.Networking.Tests.Objects;

namespace ActorOrch.Networking.Tests.Kernel;

public class ServiceProgrammerTests : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private readonly InMemoryRegistry _registry = new();
    private readonly RecordingNftables _kernel = new();
    private readonly ToldWatch _watch = new();
    private readonly RecordedEvents _events = new();
    private readonly Queue<IReadOnlyList<string>> _losses = [];
    private readonly NetworkSettings _settings = TestSettings.Named("aonettest") with { DrainLinger = TimeSpan.Zero };

    [Fact]
    public async Task The_first_script_replaces_the_whole_table_and_later_ones_only_what_changed()
    {
        await PutAsync("10.244.0.2");
        Start();

        var first = await _kernel.AcceptAsync();
        await PutAsync("10.244.0.2", "10.244.0.3");
        var second = await _kernel.AcceptAsync();

        Assert.StartsWith("add table ip aonettest\ndelete table ip aonettest\nadd table ip aonettest\n", first, StringComparison.Ordinal);
        Assert.Contains("add table ip6 aonettest", first, StringComparison.Ordinal);
        Assert.StartsWith("flush chain ip aonettest cluster-", second, StringComparison.Ordinal);
        // The chain emptied, its three rules (masquerade, deal out, what follows the map), and an element.
        Assert.Equal(5, second.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Changes_while_the_kernel_is_busy_become_one_script()
    {
        await PutAsync("10.244.0.2");
        Start();
        var (_, answer) = await _kernel.NextAsync();
        for (var i = 3; i < 50; i++) await PutAsync($"10.244.0.{i}");

        answer.SetResult();
        var script = await _kernel.AcceptAsync();

        Assert.Contains("dnat ip to 10.244.0.49:8080", script, StringComparison.Ordinal);
        Assert.DoesNotContain("10.244.0.48", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_refusal_everything_is_replaced()
    {
        await PutAsync("10.244.0.2");
        Start();
        await _kernel.AcceptAsync();
        await PutAsync("10.244.0.3");
        (await _kernel.NextAsync()).Answer.SetException(new NftablesException("No such file or directory"));

        var script = await _kernel.AcceptAsync();

        Assert.StartsWith("add table ip aonettest\ndelete table", script, StringComparison.Ordinal);
        Assert.Contains("dnat ip to 10.244.0.3:8080", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_is_drained_when_the_kernel_has_taken_its_rules_away()
    {
        await PutAsync("10.244.0.2", "10.244.0.3");
        var drain = Start();
        await _kernel.AcceptAsync();
        var drained = drain.WhenUnreachableAsync(["10.244.0.2"], Long, default);

        await PutAsync("10.244.0.3");
        var (_, answer) = await _kernel.NextAsync();
        Assert.False(drained.IsCompleted);
        answer.SetResult();

        await drained.WaitAsync(Long);
    }

    [Fact]
    public async Task A_pod_that_no_service_leads_to_is_drained_at_once()
    {
        await PutAsync("10.244.0.2");
        var drain = Start();
        await _kernel.AcceptAsync();

        await drain.WhenUnreachableAsync(["10.244.0.99"], TimeSpan.FromHours(1), default).WaitAsync(Long);
    }

    [Fact]
    public async Task The_last_pod_of_a_service_is_not_waited_for_although_it_stays_its_last_resort()
    {
        await PutAsync("10.244.0.2");
        var drain = Start();
        await _kernel.AcceptAsync();
        var drained = drain.WhenUnreachableAsync(["10.244.0.2"], Long, default);

        await _registry.PutAsync(BuiltIn.EndpointSlices, Slice("web", "IPv4", [Endpoint("10.244.0.2", ready: false, terminating: true)]));

        // The rules are the same, so there is nothing for the kernel to take.
        await drained.WaitAsync(Long);
    }

    [Fact]
    public async Task Where_nftables_is_missing_nobody_waits()
    {
        await PutAsync("10.244.0.2");
        var drain = Start();
        (await _kernel.NextAsync()).Answer.SetException(new NftablesException("nft cannot be run", unavailable: true));

        await drain.WhenUnreachableAsync(["10.244.0.2"], Long, default).WaitAsync(Long);
    }

    [Fact]
    public async Task A_service_that_goes_leaves_nothing_behind()
    {
        await PutAsync("10.244.0.2");
        Start();
        await _kernel.AcceptAsync();

        await _registry.RemoveAsync(BuiltIn.Services, new("default", "web"));
        var script = await _kernel.AcceptAsync();

        Assert.Contains("delete element ip aonettest service-ips { 10.96.0.10 . tcp . 80 }", script, StringComparison.Ordinal);
        Assert.Contains("delete element ip aonettest hairpin { 10.244.0.2 . 10.244.0.2 }", script, StringComparison.Ordinal);
        Assert.Contains("delete chain ip aonettest cluster-", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_went_while_changes_were_lost_leaves_nothing_behind()
    {
        await PutAsync("10.244.0.2");
        Start();
        await _kernel.AcceptAsync();
        var services = _registry.Of(BuiltIn.Services);

        services.CutOff = true;
        await _registry.RemoveAsync(BuiltIn.Services, new("default", "web"));
        services.Reload();

        Assert.Contains("delete element ip aonettest service-ips { 10.96.0.10 . tcp . 80 }", await _kernel.AcceptAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_that_does_not_reach_back_is_no_reason_not_to_begin()
    {
        await PutAsync("10.244.0.2");
        _registry.Of(BuiltIn.Services).ForgetUpTo = _registry[BuiltIn.Services].Latest.Revision;
        _registry.Of(BuiltIn.EndpointSlices).ForgetUpTo = _registry[BuiltIn.EndpointSlices].Latest.Revision;
        Start();

        Assert.Contains("dnat ip to 10.244.0.2:8080", await _kernel.AcceptAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_changes_is_programmed_again_at_once_and_told()
    {
        await PutAsync("10.244.0.2");
        Start();
        await _kernel.AcceptAsync();

        (await _watch.Listener).OnRulesChanged("nft (pid 7)");
        var script = await _kernel.AcceptAsync();

        Assert.StartsWith("add table ip aonettest\ndelete table", script, StringComparison.Ordinal);
        Assert.Contains("dnat ip to 10.244.0.2:8080", script, StringComparison.Ordinal);
        Assert.Equal("ServiceRulesChanged: the nftables tables \"aonettest\" were changed by another program: services are programmed again", await _events.NextAsync());
    }

    [Fact]
    public async Task What_another_changes_while_the_kernel_is_busy_is_not_forgotten()
    {
        await PutAsync("10.244.0.2");
        Start();
        await _kernel.AcceptAsync();
        await PutAsync("10.244.0.3");
        var (_, answer) = await _kernel.NextAsync();

        (await _watch.Listener).OnRulesChanged("nft (pid 7)");
        await _events.NextAsync();
        answer.SetResult();

        Assert.StartsWith("add table ip aonettest\ndelete table", await _kernel.AcceptAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_lost_of_the_machine_is_put_right_and_told_once()
    {
        _losses.Enqueue(["net.ipv4.ip_forward was off"]);
        await PutAsync("10.244.0.2");
        Start();
        await _kernel.AcceptAsync();

        var listener = await _watch.Listener;
        listener.OnMachineChanged();

        Assert.Equal("NetworkChanged: the machine's network was changed by another program and is put right: net.ipv4.ip_forward was off", await _events.NextAsync());
        // What comes of the mending itself is looked at, and nothing is found.
        listener.OnMachineChanged();
        listener.OnRulesChanged("nft (pid 7)");
        Assert.StartsWith("ServiceRulesChanged", await _events.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_watch_ends_with_the_actor()
    {
        Start();
        await _watch.Listener;

        await Sys.Terminate();

        Assert.True(_watch.IsDisposed);
    }

    private IReadOnlyList<string> Restore() => _losses.TryDequeue(out var losses) ? losses : [];

    private EndpointDrain Start()
    {
        Func<IKernelWatch> watch = () => _watch;
        var programmer = Sys.ActorOf(Props.Create(() => new ServiceProgrammer(
            _registry, _settings, "node-1", _kernel, new TestNodeNetwork(null, true, Restore), watch, _events, TimeProvider.System)));
        return new(programmer, _settings.DrainLinger, TimeProvider.System);
    }

    private async Task PutAsync(params IReadOnlyList<string> ready)
    {
        if (_registry[BuiltIn.Services].Latest.Count == 0) await _registry.PutAsync(BuiltIn.Services, Service());
        await _registry.PutAsync(BuiltIn.EndpointSlices, Slice("web", "IPv4", [.. ready.Select(a => Endpoint(a))]));
    }
}
