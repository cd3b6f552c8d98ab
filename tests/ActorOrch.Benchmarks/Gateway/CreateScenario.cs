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
        await using var servers = await ApiServers.StartAsync();
        var rates = servers.All.ToDictionary(s => s, _ => new List<double>());
        var p99 = servers.All.ToDictionary(s => s, _ => new List<TimeSpan>());
        foreach (var server in servers.All) await RunAsync(server, Warmup);
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
                    $"round {round}: {result.Rate:N0}/s, p50 {result.Median.TotalMilliseconds:0.00} ms, p99 {result.P99.TotalMilliseconds:0.00} ms, "
                    + $"{used.TotalMicroseconds / (result.Rate * Measured.TotalSeconds):N0} us of CPU each, {server.ResidentBytes / 1e6:N0} MB resident, {server.Name}");
            }
        }
        var what = $"create ConfigMaps of 1 KB, {Connections} connections";
        servers.PrintRates(what, rates);
        foreach (var server in servers.All) Console.WriteLine($"{what}, {server.Name}: p99 {Figures.Milliseconds(p99[server])}");
    }

    private static Task<WrkResult> RunAsync(IApiServer server, TimeSpan duration) => Wrk.RunAsync(
        new(server.Address, "/api/v1/namespaces/default/configmaps"), Connections, duration, $"Authorization: Bearer {server.Token}", "create-configmaps.lua");
}
