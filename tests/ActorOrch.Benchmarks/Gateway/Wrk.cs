using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>What one run of wrk measured.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="BytesPerSecond">Of bodies and headers.</param>
internal sealed record WrkResult(double Rate, double BytesPerSecond, TimeSpan Median, TimeSpan P99);

/// <summary>The load program <c>wrk</c> (Debian's package of that name): a closed loop over keep-alive connections, HTTP/1.1.</summary>
internal static partial class Wrk
{
    /// <param name="script">A Lua file beside the benchmarks, or null for plain GETs.</param>
    /// <param name="header">Sent with each request.</param>
    /// <exception cref="InvalidOperationException">It is not installed, answers were not 2xx, or there was none.</exception>
    public static async Task<WrkResult> RunAsync(Uri url, int connections, TimeSpan duration, string header, string? script = null)
    {
        using var process = Start(url, connections, duration, ["--latency", "-H", header], script, []);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var rate = Rate().Match(output) is { Success: true } printed ? double.Parse(printed.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        if (Failure().IsMatch(output) || rate == 0) throw new InvalidOperationException($"wrk failed:\n{output}");
        return new(
            rate,
            Scaled(Transfer().Match(output)),
            TimeSpan.FromMicroseconds(Scaled(Median().Match(output))),
            TimeSpan.FromMicroseconds(Scaled(P99().Match(output))));
    }

    /// <summary>Creates so many ConfigMaps and then does nothing, for a minute in all or until it is killed.</summary>
    public static Process StartCreating(Uri url, int connections, int count, string header) =>
        Start(url, connections, TimeSpan.FromMinutes(1), ["-H", header], "create-configmaps.lua", ["--", $"{count}"]);

    private static Process Start(Uri url, int connections, TimeSpan duration, string[] options, string? script, string[] arguments)
    {
        var seconds = duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        string[] scripted = script is null ? [] : ["-s", Path.Combine(AppContext.BaseDirectory, "Gateway", script)];
        return Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", .. options, .. scripted, url.ToString(), .. arguments])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("wrk did not start");
    }

    // A number with wrk's unit: times come out in microseconds, sizes in bytes.
    private static double Scaled(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
    {
        "us" or "B" => 1,
        "ms" => 1e3,
        "s" => 1e6,
        "KB" => 1024,
        "MB" => 1024 * 1024,
        "GB" => 1024 * 1024 * 1024,
        var unit => throw new FormatException($"wrk printed a unit {unit}"),
    };

    [GeneratedRegex("Non-2xx|Socket errors")]
    private static partial Regex Failure();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"Transfer/sec:\s+([\d.]+)(\w+)")]
    private static partial Regex Transfer();

    [GeneratedRegex(@"\s50%\s+([\d.]+)(\w+)")]
    private static partial Regex Median();

    [GeneratedRegex(@"\s99%\s+([\d.]+)(\w+)")]
    private static partial Regex P99();
}
