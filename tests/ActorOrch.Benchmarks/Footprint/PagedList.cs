using System.Diagnostics;
using System.Text.Json;
using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Footprint;

/// <summary>A list of all pods in pages, as kubectl asks for it: what the first pages cost, and what the last ones.</summary>
internal static class PagedList
{
    /// <summary>kubectl's default.</summary>
    private const int Page = 500;

    /// <summary>So many pages at either end are compared.</summary>
    private const int Compared = 20;

    public static async Task MeasureAsync(BenchOrchestrator orchestrator)
    {
        using var client = orchestrator.NewHttpClient();
        // Once as a warm-up.
        await ReadAsync(client);
        var cpu = orchestrator.CpuTime;
        var (pods, pages) = await ReadAsync(client);
        var used = orchestrator.CpuTime - cpu;
        Console.WriteLine($"{pods:N0} pods in {pages.Count} pages of {Page}: {pages.Sum(p => p.TotalSeconds):0.0} s, {used.TotalMilliseconds / pages.Count:0.0} ms of the server's CPU a page");
        Console.WriteLine($"  the first {Compared} pages {Figures.Milliseconds(pages.Take(Compared))}, the last {Figures.Milliseconds(pages.SkipLast(1).TakeLast(Compared))}");
    }

    private static async Task<(int Pods, List<TimeSpan> Pages)> ReadAsync(HttpClient client)
    {
        var (pods, pages, next) = (0, new List<TimeSpan>(), "");
        do
        {
            var started = Stopwatch.GetTimestamp();
            var body = await client.GetByteArrayAsync($"/api/v1/pods?limit={Page}&continue={next}");
            pages.Add(Stopwatch.GetElapsedTime(started));
            using var list = JsonDocument.Parse(body);
            pods += list.RootElement.GetProperty("items").GetArrayLength();
            next = list.RootElement.GetProperty("metadata").TryGetProperty("continue", out var token) ? token.GetString()! : "";
        }
        while (next.Length > 0);
        return (pods, pages);
    }
}
