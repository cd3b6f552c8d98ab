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
        what = $"{what} ({body.Length:N0} bytes)";
        var reads = new WrkRounds(servers, what, (server, duration) =>
            Wrk.RunAsync(new(server.Address, path), connections, duration, $"Authorization: Bearer {server.Token}"));
        await reads.WarmUpAsync(Warmup);
        await RunBareAsync(Warmup);
        var floors = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            await reads.RunAsync(round, Measured);
            var floor = await RunBareAsync(Measured);
            floors.Add(floor.Rate);
            Console.WriteLine($"round {round}: {floor.Rate:N0}/s, p99 {floor.P99.TotalMilliseconds:0.00} ms, bare server");
        }
        reads.PrintResults();
        Console.WriteLine($"{what}, of the bare server's rate: {Figures.Ratio(reads.OurRates.Zip(floors, (a, b) => a / b))}");

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
