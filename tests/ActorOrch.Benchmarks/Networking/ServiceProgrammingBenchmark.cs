using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using ActorOrch.Networking;
using ActorOrch.Networking.Kernel;
using ActorOrch.Networking.Kernel.Bridges;
using ActorOrch.Networking.Kernel.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using Akka.Actor;
using k8s.Models;

namespace ActorOrch.Benchmarks.Networking;

/// <summary>
/// The time from a change of an EndpointSlice in the mirror until the kernel has the rule, with few and with many services. Programs the
/// kernel of the machine it runs on, in tables of its own that it removes; needs root and nftables.
/// </summary>
public static class ServiceProgrammingBenchmark
{
    private const int Changes = 300;

    public static async Task RunAsync()
    {
        foreach (var way in (string[])["library", "command"])
        {
            foreach (var services in (int[])[1, 100, 1000])
            {
                var times = await MeasureAsync(new() { TableName = "aonetbench", Nftables = way }, services);
                var first = times[0];
                var changes = times.Skip(1).Order().ToList();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"nftables by {way}, {services,5} services: all of them {first,7:F1} ms; a change p50 {changes[changes.Count / 2],5:F1} ms, p99 {changes[changes.Count * 99 / 100],5:F1} ms"));
            }
        }
    }

    private static async Task<List<double>> MeasureAsync(NetworkSettings settings, int services)
    {
        var registry = new InMemoryRegistry();
        for (var i = 0; i < services; i++)
        {
            await registry.PutAsync(BuiltIn.Services, Service(i));
            await registry.PutAsync(BuiltIn.EndpointSlices, Slice(i, 3));
        }
        var kernel = new Watched(Nftables.Open(settings));
        var system = ActorSystem.Create("benchmark");
        try
        {
            var times = new List<double>();
            var started = Stopwatch.GetTimestamp();
            var bridge = new PodBridge("none");
            Func<IKernelWatch> watch = () => new KernelWatch(settings, kernel, bridge);
            system.ActorOf(Props.Create(() => new ServiceProgrammer(registry, settings, "node", kernel, new NoNetwork(), watch, new NoEvents(), TimeProvider.System)));
            times.Add(await kernel.AppliedSinceAsync(started));
            for (var change = 0; change < Changes; change++)
            {
                started = Stopwatch.GetTimestamp();
                await registry.PutAsync(BuiltIn.EndpointSlices, Slice(change % services, 3 + ((change / services) + 1) % 2));
                times.Add(await kernel.AppliedSinceAsync(started));
            }
            return times;
        }
        finally
        {
            await system.Terminate();
            await NetworkingHost.CleanupAsync(settings);
        }
    }

    private static V1Service Service(int number) => new()
    {
        Metadata = new() { Name = $"s{number}", NamespaceProperty = "default" },
        Spec = new() { Type = "ClusterIP", ClusterIP = Address("10.96", number), ClusterIPs = [Address("10.96", number)], Ports = [new() { Port = 80, Protocol = "TCP" }] },
    };

    private static V1EndpointSlice Slice(int service, int endpoints) => new()
    {
        Metadata = new()
        {
            Name = $"s{service}",
            NamespaceProperty = "default",
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = $"s{service}" },
        },
        AddressType = "IPv4",
        Ports = [new() { Name = "", Port = 8080, Protocol = "TCP" }],
        Endpoints = [.. Enumerable.Range(0, endpoints).Select(i => new V1Endpoint
        {
            Addresses = [Address("10.244", (service * 4) + i)],
            Conditions = new() { Ready = true },
            NodeName = "node",
        })],
    };

    private static string Address(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}.{number / 250}.{(number % 250) + 2}");

    /// <summary>Notes when each script was in the kernel.</summary>
    private sealed class Watched(INftables inner) : INftables
    {
        private readonly Channel<long> _applied = Channel.CreateUnbounded<long>();

        public async Task ApplyAsync(string script, CancellationToken cancel)
        {
            await inner.ApplyAsync(script, cancel);
            _applied.Writer.TryWrite(Stopwatch.GetTimestamp());
        }

        public bool IsOwn(NftAuthor author) => inner.IsOwn(author);

        public async Task<double> AppliedSinceAsync(long started)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return Stopwatch.GetElapsedTime(started, await _applied.Reader.ReadAsync(limit.Token)).TotalMilliseconds;
        }
    }

    private sealed class NoNetwork : INodeNetwork
    {
        public bool BridgeFiltered => true;

        public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task<IReadOnlyList<string>> RestoreAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

        public void PreparePodBridge()
        {
        }

        public void ForgetUdpTarget(UdpTarget target)
        {
        }

        public void ForgetUdpFront(UdpTarget front)
        {
        }
    }
    private sealed class NoEvents : INetworkEvents
    {
        public void Record(string reason, string message) => throw new InvalidOperationException($"another program interferes: {message}");
    }
}
