using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>
/// 100 watchers in a process of their own, while 32 clients create 1,000 ConfigMaps of 1 KB: events delivered a second, from the first to
/// the last. Creates, deliveries and clients share the machine.
/// </summary>
internal static class WatchScenario
{
    private const int Watchers = 100;
    private const int Changes = 1000;
    private const int Writers = 32;
    private const int Warmup = 5;

    /// <summary>Watchers wait for ever for what could not be created.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0]) : 5;
        var protocol = args.Length > 1 ? args[1] : "http1";
        await using var servers = await ApiServers.StartAsync();
        var watchers = new Dictionary<IApiServer, WatchClient>();
        try
        {
            foreach (var server in servers.All) watchers[server] = await WatchClient.StartAsync(server.Token, Watchers, Changes, protocol);
            await RunAsync(servers, watchers, rounds, protocol);
        }
        finally
        {
            foreach (var client in watchers.Values) client.Dispose();
        }
    }

    private static async Task RunAsync(ApiServers servers, IReadOnlyDictionary<IApiServer, WatchClient> watchers, int rounds, string protocol)
    {
        var rates = servers.All.ToDictionary(s => s, _ => new List<double>());
        // The first are the warm-up of both sides' code.
        for (var round = 1 - Warmup; round <= rounds; round++)
        {
            foreach (var server in servers.All)
            {
                var (elapsed, cpu) = await RunAsync(server, watchers[server]);
                var rate = Watchers * Changes / elapsed.TotalSeconds;
                Console.WriteLine($"round {round}: {rate:N0} deliveries/s in {elapsed.TotalMilliseconds:N0} ms, {cpu.TotalMilliseconds:N0} ms of CPU, {server.Name}");
                if (round > 0) rates[server].Add(rate);
            }
        }
        servers.PrintRates($"{Watchers} watchers, {Changes} creates by {Writers}, {protocol}", rates);
    }

    private static async Task<(TimeSpan Elapsed, TimeSpan Cpu)> RunAsync(IApiServer server, WatchClient watchers)
    {
        using var client = server.NewHttpClient();
        var url = new Uri(server.Address, $"/api/v1/namespaces/default/configmaps?watch=true&resourceVersion={await RevisionAsync(client)}");
        await watchers.OpenAsync(url);
        var cpu = server.CpuTime;
        using var writers = Wrk.StartCreating(new(server.Address, "/api/v1/namespaces/default/configmaps"), Writers, Changes, $"Authorization: Bearer {server.Token}");
        var elapsed = await watchers.FinishAsync().WaitAsync(Patience);
        writers.Kill();
        await writers.WaitForExitAsync();
        return (elapsed, server.CpuTime - cpu);
    }

    private static async Task<string> RevisionAsync(HttpClient client)
    {
        var list = System.Text.Json.Nodes.JsonNode.Parse(await client.GetStringAsync("/api/v1/configmaps?limit=1"));
        return list!["metadata"]!["resourceVersion"]!.GetValue<string>();
    }
}
