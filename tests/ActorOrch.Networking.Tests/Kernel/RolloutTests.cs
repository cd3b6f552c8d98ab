using ActorOrch.Networking.Kernel;
using ActorOrch.Networking.Kernel.Watching;
using ActorOrch.Networking.Tests.Machines;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using static ActorOrch.Networking.Tests.Objects;

namespace ActorOrch.Networking.Tests.Kernel;

/// <summary>The order that loses no request: the endpoint leaves its slice, the rules follow, and only then is the pod told to go.</summary>
public class RolloutTests : TestKit, IClassFixture<KernelTools>
{
    private const int Swaps = 100;

    // All together well below the ports of one client address: a port that is used again within its TIME_WAIT is another story.
    private const int RequestsPerSwap = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task No_request_is_lost_while_endpoints_are_swapped_a_hundred_times()
    {
        using var machine = new TestMachine(pods: 4);
        var settings = TestSettings.Named("aonettest");
        var registry = new InMemoryRegistry();
        await registry.PutAsync(BuiltIn.Services, Service());
        var servers = new Dictionary<int, TcpEcho> { [1] = machine.Serve(1), [2] = machine.Serve(2) };
        await PutSliceAsync(registry, servers.Keys);
        Func<IKernelWatch> watch = () => new ToldWatch();
        var programmer = Sys.ActorOf(Props.Create(() => new ServiceProgrammer(
            registry, settings, "node-1", machine.Nftables, new TestNodeNetwork(machine.Host, true, null), watch, new RecordedEvents(), TimeProvider.System)));
        var drain = new EndpointDrain(programmer, settings.DrainLinger, TimeProvider.System);
        await AwaitAssertAsync(() => TestMachine.AskAsync(machine.Host, "10.96.0.10", 80), TimeSpan.FromSeconds(10));

        using var permits = new SemaphoreSlim(0);
        using var ending = new CancellationTokenSource(Limit);
        var clients = new[] { machine.Host, machine.Host }.Select(from => AskAsync(from, permits, ending)).ToList();
        for (var swap = 0; swap < Swaps && !ending.IsCancellationRequested; swap++)
        {
            var (leaving, coming) = ((swap % 4) + 1, ((swap + 2) % 4) + 1);
            servers[coming] = machine.Serve(coming);
            permits.Release(RequestsPerSwap);
            await PutSliceAsync(registry, servers.Keys.Where(pod => pod != leaving));
            await drain.WhenUnreachableAsync([TestMachine.AddressOf(leaving)], TimeSpan.FromSeconds(10), default);
            servers.Remove(leaving, out var server);
            server!.Dispose();
        }
        // A lost request is the exception of its connect or read.
        var asked = await Task.WhenAll(clients);
        Assert.Equal(Swaps * RequestsPerSwap, asked.Sum());
        Assert.All(asked, count => Assert.True(count > Swaps, $"only {count} requests were made"));
    }

    private static async Task<int> AskAsync(string from, SemaphoreSlim permits, CancellationTokenSource ending)
    {
        var count = 0;
        try
        {
            for (; count < Swaps * RequestsPerSwap / 2; count++)
            {
                await permits.WaitAsync(ending.Token);
                Assert.Matches("^[1-4] 192.0.2.1|^[1-4] 10.244.0.1", await TestMachine.AskAsync(from, "10.96.0.10", 80));
            }
            return count;
        }
        finally
        {
            // No more permits come for the other client once this one has failed.
            if (count < Swaps * RequestsPerSwap / 2) await ending.CancelAsync();
        }
    }

    private static Task PutSliceAsync(InMemoryRegistry registry, IEnumerable<int> pods) =>
        registry.PutAsync(BuiltIn.EndpointSlices, Slice("web", "IPv4", [.. pods.Select(p => Endpoint(TestMachine.AddressOf(p)))]));
}
