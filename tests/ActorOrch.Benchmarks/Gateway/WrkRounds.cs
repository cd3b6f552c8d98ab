using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>Rounds of a load by wrk, on every server in turns.</summary>
/// <param name="what">How the figures are called.</param>
/// <param name="load">The load on a server for a while.</param>
internal sealed class WrkRounds(ApiServers servers, string what, Func<IApiServer, TimeSpan, Task<WrkResult>> load)
{
    private readonly Dictionary<IApiServer, List<double>> _rates = servers.All.ToDictionary(s => s, _ => new List<double>());
    private readonly Dictionary<IApiServer, List<TimeSpan>> _p99 = servers.All.ToDictionary(s => s, _ => new List<TimeSpan>());

    /// <summary>Answers a second of our server, a round each.</summary>
    public IReadOnlyList<double> OurRates => _rates[servers.All[0]];

    public async Task WarmUpAsync(TimeSpan duration)
    {
        foreach (var server in servers.All) await load(server, duration);
    }

    public async Task RunAsync(int round, TimeSpan duration)
    {
        foreach (var server in servers.All)
        {
            var cpu = server.CpuTime;
            var result = await load(server, duration);
            var used = server.CpuTime - cpu;
            _rates[server].Add(result.Rate);
            _p99[server].Add(result.P99);
            Console.WriteLine(
                $"round {round}: {result.Rate:N0}/s ({result.BytesPerSecond / 1e6:N0} MB/s), p50 {result.Median.TotalMilliseconds:0.00} ms, p99 {result.P99.TotalMilliseconds:0.00} ms, "
                + $"{used.TotalMicroseconds / (result.Rate * duration.TotalSeconds):N0} us of CPU each, {server.ResidentBytes / 1e6:N0} MB resident, {server.Name}");
        }
    }

    public void PrintResults()
    {
        servers.PrintRates(what, _rates);
        foreach (var server in servers.All) Console.WriteLine($"{what}, {server.Name}: p99 {Figures.Milliseconds(_p99[server])}");
    }
}
