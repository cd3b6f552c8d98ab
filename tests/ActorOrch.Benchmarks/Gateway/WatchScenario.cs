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
        await using var orchestrator = await BenchOrchestrator.StartAsync("simulated");
        using var client = orchestrator.NewHttpClient();
        using var watchers = await WatchClient.StartAsync(orchestrator.Token, Watchers, Changes, protocol);
        var rates = new List<double>();
        // The first are the warm-up of both sides' code.
        for (var round = 1 - Warmup; round <= rounds; round++)
        {
            var url = new Uri(orchestrator.Address, $"/api/v1/namespaces/default/configmaps?watch=true&resourceVersion={await RevisionAsync(client)}");
            await watchers.OpenAsync(url);
            var cpu = orchestrator.CpuTime;
            using var writers = Wrk.StartCreating(new(orchestrator.Address, "/api/v1/namespaces/default/configmaps"), Writers, Changes, $"Authorization: Bearer {orchestrator.Token}");
            var elapsed = await watchers.FinishAsync().WaitAsync(Patience);
            writers.Kill();
            await writers.WaitForExitAsync();
            var rate = Watchers * Changes / elapsed.TotalSeconds;
            Console.WriteLine($"round {round}: {rate:N0} deliveries/s in {elapsed.TotalMilliseconds:N0} ms, {(orchestrator.CpuTime - cpu).TotalMilliseconds:N0} ms of the server's CPU");
            if (round > 0) rates.Add(rate);
        }
        Console.WriteLine($"{Watchers} watchers, {Changes} creates by {Writers}, {protocol}: {Figures.Rate(rates)}");
    }

    private static async Task<string> RevisionAsync(HttpClient client)
    {
        var list = System.Text.Json.Nodes.JsonNode.Parse(await client.GetStringAsync("/api/v1/configmaps?limit=1"));
        return list!["metadata"]!["resourceVersion"]!.GetValue<string>();
    }
}
