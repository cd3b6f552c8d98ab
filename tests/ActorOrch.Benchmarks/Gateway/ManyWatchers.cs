using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>
/// 10,000 watchers of one collection: what they cost in memory, and how fast changes reach all of them. Over HTTP/2 they are streams of a
/// few connections, over HTTP/1.1 each has a connection of its own, which takes a file of the server and one of the client.
/// </summary>
internal static class ManyWatchers
{
    private const int Changes = 20;

    public static async Task RunAsync(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0]) : 10_000;
        var protocol = args.Length > 1 ? args[1] : "http2";
        await using var orchestrator = await BenchOrchestrator.StartAsync("simulated");
        using var client = orchestrator.NewHttpClient();
        await CreateAsync(client, "first");
        var before = orchestrator.ResidentBytes;
        var url = new Uri(orchestrator.Address, $"/api/v1/namespaces/default/configmaps?watch=true&resourceVersion={await RevisionAsync(client)}");
        using var watchers = await WatchClient.StartAsync(orchestrator.Token, count, Changes, protocol);
        var opening = Stopwatch.GetTimestamp();
        await watchers.OpenAsync(url);
        Console.WriteLine($"{count:N0} watchers over {protocol} are open after {Stopwatch.GetElapsedTime(opening).TotalSeconds:0.0} s: {(orchestrator.ResidentBytes - before) / 1024.0 / count:0.0} KiB each, {orchestrator.ResidentBytes / 1e6:N0} MB resident in all");
        var cpu = orchestrator.CpuTime;
        for (var i = 0; i < Changes; i++) await CreateAsync(client, $"change-{i}");
        var elapsed = await watchers.FinishAsync();
        var used = orchestrator.CpuTime - cpu;
        Console.WriteLine(
            $"{Changes} changes, one after the other, reached all in {elapsed.TotalMilliseconds:N0} ms: {count * (double)Changes / elapsed.TotalSeconds:N0} deliveries/s, "
            + $"{used.TotalMicroseconds / (count * (double)Changes):0.0} us of the server's CPU each");
    }

    private static async Task<string> RevisionAsync(HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync("/api/v1/configmaps?limit=1"))!["metadata"]!["resourceVersion"]!.GetValue<string>();

    private static async Task CreateAsync(HttpClient client, string name)
    {
        using var body = new StringContent($$$"""{"metadata":{"name":"{{{name}}}"},"data":{"value":"{{{new string('x', 850)}}}"}}""", null, "application/json");
        using var response = await client.PostAsync("/api/v1/namespaces/default/configmaps", body);
        response.EnsureSuccessStatusCode();
    }
}
