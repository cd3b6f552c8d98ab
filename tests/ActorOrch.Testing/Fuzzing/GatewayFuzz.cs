using System.Diagnostics;
using System.Net;

namespace ActorOrch.Testing.Fuzzing;

/// <summary>
/// Sends the real gateway whatever a client could send, and fails where it answers 500, logs an error, takes too long or stands no more.
/// Each case has a number that is its seed: the same number is the same case.
/// </summary>
public static class GatewayFuzz
{
    /// <summary>One case may take so long, on a machine that has other work too.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    // What the collections in memory have gathered by then is let go of with their server.
    private const int CasesAServer = 4000;

    /// <summary>Runs cases for a while, beginning with the one of a seed. Throws <see cref="FuzzException"/> with the case and how to run it again.</summary>
    /// <returns>How many cases were run.</returns>
    public static async Task<int> RunAsync(int seed, TimeSpan time, TextWriter? progress = null)
    {
        var clock = Stopwatch.StartNew();
        var cases = 0;
        do
        {
            await using var server = await FuzzedServer.StartAsync();
            for (var i = 0; i < CasesAServer && (clock.Elapsed < time || cases == 0); i++) await RunCaseAsync(server, unchecked(seed + cases++));
            await CheckStandsAsync(server, seed + cases);
            progress?.WriteLine($"{cases} cases in {clock.Elapsed.TotalSeconds:F0} s");
        }
        while (clock.Elapsed < time);
        return cases;
    }

    private static async Task RunCaseAsync(FuzzedServer server, int seed)
    {
        var random = new Random(seed);
        using var bound = new CancellationTokenSource(Bound);
        string? wrong;
        try
        {
            wrong = random.Next(8) == 0
                ? await FuzzedStreams.RunAsync(server, random, bound.Token)
                : await FuzzedRequests.RunAsync(server, random, bound.Token);
        }
        catch (OperationCanceledException) when (bound.IsCancellationRequested)
        {
            wrong = $"no end within {Bound.TotalSeconds} s: {server.Doing}";
        }
        wrong ??= server.Errors.FirstOrDefault() is { } error ? $"{server.Doing}: {error}" : null;
        if (wrong is not null) throw new FuzzException(seed, wrong);
    }

    private static async Task CheckStandsAsync(FuzzedServer server, int seed)
    {
        using var ready = await server.Client.GetAsync("/readyz");
        if (ready.StatusCode != HttpStatusCode.OK) throw new FuzzException(seed, $"/readyz: {ready.StatusCode}");
        if (server.Errors.FirstOrDefault() is { } error) throw new FuzzException(seed, error);
    }
}

/// <summary>A case that went wrong.</summary>
public sealed class FuzzException(int seed, string what)
    : Exception($"case {seed} (again: dotnet run --project tests/ActorOrch.Benchmarks -- Fuzz 0 {seed}): {what}");
