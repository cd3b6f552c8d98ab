using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>Creates of ConfigMaps of 1 KB over HTTPS with a bearer token, 32 in parallel: each answered when it is durable.</summary>
internal static class CreateScenario
{
    private const int Connections = 32;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0]) : 3;
        await using var orchestrator = await BenchOrchestrator.StartAsync("simulated");
        var url = new Uri(orchestrator.Address, "/api/v1/namespaces/default/configmaps");
        var token = $"Authorization: Bearer {orchestrator.Token}";
        await Wrk.RunAsync(url, Connections, Warmup, token, "create-configmaps.lua");
        var (rates, p99) = (new List<double>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            var cpu = orchestrator.CpuTime;
            var result = await Wrk.RunAsync(url, Connections, Measured, token, "create-configmaps.lua");
            var used = orchestrator.CpuTime - cpu;
            rates.Add(result.Rate);
            p99.Add(result.P99);
            Console.WriteLine(
                $"round {round + 1}: {result.Rate:N0}/s, p50 {result.Median.TotalMilliseconds:0.00} ms, p99 {result.P99.TotalMilliseconds:0.00} ms, "
                + $"{used.TotalMicroseconds / (result.Rate * Measured.TotalSeconds):N0} us of CPU each, {orchestrator.ResidentBytes / 1e6:N0} MB resident");
        }
        Console.WriteLine($"create ConfigMaps of 1 KB, {Connections} connections: {Figures.Rate(rates)}; p99 {Figures.Milliseconds(p99)}");
    }
}
