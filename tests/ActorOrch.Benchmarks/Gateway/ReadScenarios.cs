using System.Text;
using ActorOrch.Benchmarks.Harness;
using k8s;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>GET and LIST of pods over HTTPS with a bearer token, in turns with a bare HTTPS server that answers the same bytes.</summary>
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
        await using var orchestrator = await BenchOrchestrator.StartAsync("simulated");
        await CreatePodsAsync(orchestrator.Client);
        var url = new Uri(orchestrator.Address, path);
        using var client = orchestrator.NewHttpClient();
        var body = await client.GetByteArrayAsync(url);
        using var bare = await BareHttps.StartAsync(body);
        var token = $"Authorization: Bearer {orchestrator.Token}";
        await Wrk.RunAsync(url, connections, Warmup, token);
        await Wrk.RunAsync(bare.Address, connections, Warmup, token);
        var (rates, floors, p99) = (new List<double>(), new List<double>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            var cpu = orchestrator.CpuTime;
            var result = await Wrk.RunAsync(url, connections, Measured, token);
            var used = orchestrator.CpuTime - cpu;
            var floor = await Wrk.RunAsync(bare.Address, connections, Measured, token);
            rates.Add(result.Rate);
            floors.Add(floor.Rate);
            p99.Add(result.P99);
            Console.WriteLine(
                $"round {round + 1}: {result.Rate:N0}/s ({result.BytesPerSecond / 1e6:N0} MB/s), p50 {result.Median.TotalMilliseconds:0.00} ms, p99 {result.P99.TotalMilliseconds:0.00} ms, "
                + $"{used.TotalMicroseconds / (result.Rate * Measured.TotalSeconds):N0} us of CPU each; bare server {floor.Rate:N0}/s, p99 {floor.P99.TotalMilliseconds:0.00} ms");
        }
        Console.WriteLine($"{what} ({body.Length:N0} bytes): {Figures.Rate(rates)}; p99 {Figures.Milliseconds(p99)}; of the bare server's rate {Figures.Ratio(rates.Zip(floors, (a, b) => a / b))}");
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
