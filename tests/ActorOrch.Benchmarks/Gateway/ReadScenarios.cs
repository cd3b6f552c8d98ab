using System.Text;
using ActorOrch.Benchmarks.Harness;
using k8s;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>GET and LIST of pods over HTTPS with a bearer token, in turns with a bare HTTPS server that answers the same bytes, and with the peer.</summary>
internal static class ReadScenarios
{
    private const int Pods = 1000;
    private const int PodBytes = 2700;
    private const string Collection = "/api/v1/namespaces/default/pods";

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    public static Task GetAsync(string[] args) => RunAsync("GET a pod, 32 connections", $"{Collection}/pod-0", connections: 32, args);

    public static Task ListAsync(string[] args) => RunAsync($"LIST {Pods} pods, 4 connections", Collection, connections: 4, args);

    private static async Task RunAsync(string what, string path, int connections, string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0]) : 3;
        await using var servers = await ApiServers.StartAsync();
        foreach (var server in servers.All)
        {
            using var client = server.NewClient();
            await CreatePodsAsync(client);
        }
        using var http = servers.All[0].NewHttpClient();
        var body = await http.GetByteArrayAsync(path);
        using var bare = await BareHttps.StartAsync(body);
        foreach (var server in servers.All) await RunAsync(server, Warmup);
        await RunBareAsync(Warmup);
        var rates = servers.All.ToDictionary(s => s, _ => new List<double>());
        var p99 = servers.All.ToDictionary(s => s, _ => new List<TimeSpan>());
        var floors = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var server in servers.All)
            {
                var cpu = server.CpuTime;
                var result = await RunAsync(server, Measured);
                var used = server.CpuTime - cpu;
                rates[server].Add(result.Rate);
                p99[server].Add(result.P99);
                Console.WriteLine(
                    $"round {round}: {result.Rate:N0}/s ({result.BytesPerSecond / 1e6:N0} MB/s), p50 {result.Median.TotalMilliseconds:0.00} ms, p99 {result.P99.TotalMilliseconds:0.00} ms, "
                    + $"{used.TotalMicroseconds / (result.Rate * Measured.TotalSeconds):N0} us of CPU each, {server.Name}");
            }
            var floor = await RunBareAsync(Measured);
            floors.Add(floor.Rate);
            Console.WriteLine($"round {round}: {floor.Rate:N0}/s, p99 {floor.P99.TotalMilliseconds:0.00} ms, bare server");
        }
        what = $"{what} ({body.Length:N0} bytes)";
        servers.PrintRates(what, rates);
        foreach (var server in servers.All) Console.WriteLine($"{what}, {server.Name}: p99 {Figures.Milliseconds(p99[server])}");
        Console.WriteLine($"{what}, of the bare server's rate: {Figures.Ratio(rates[servers.All[0]].Zip(floors, (a, b) => a / b))}");

        Task<WrkResult> RunAsync(IApiServer server, TimeSpan duration) =>
            Wrk.RunAsync(new(server.Address, path), connections, duration, $"Authorization: Bearer {server.Token}");

        Task<WrkResult> RunBareAsync(TimeSpan duration) => Wrk.RunAsync(bare.Address, connections, duration, $"Authorization: Bearer {servers.All[0].Token}");
    }

    // Of no scheduler: they stay as they are while others are measured.
    private static async Task CreatePodsAsync(Kubernetes client)
    {
        var padding = 0;
        for (var i = 0; i < Pods; i++)
        {
            var pod = await client.CoreV1.CreateNamespacedPodAsync(new()
            {
                Metadata = new()
                {
                    Name = $"pod-{i}",
                    Labels = new Dictionary<string, string> { ["app"] = $"app-{i % 10}" },
                    Annotations = new Dictionary<string, string> { ["padding"] = new('x', padding) },
                },
                Spec = new()
                {
                    SchedulerName = "none",
                    Containers = [new() { Name = "main", Image = "busybox:stable", Command = ["sleep", "100000"] }],
                },
            }, "default");
            if (i > 0 || padding > 0) continue;
            // The first tells how much is missing to the size that the others are to have.
            padding = Math.Max(0, PodBytes - Encoding.UTF8.GetByteCount(KubernetesJson.Serialize(pod)));
            await client.CoreV1.DeleteNamespacedPodAsync("pod-0", "default", gracePeriodSeconds: 0);
            i--;
        }
    }
}
