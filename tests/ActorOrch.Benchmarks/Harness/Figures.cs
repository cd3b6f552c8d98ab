namespace ActorOrch.Benchmarks.Harness;

/// <summary>Minimum, median and maximum of a few runs.</summary>
internal static class Figures
{
    public static string Seconds(IEnumerable<TimeSpan> runs) => Format(runs.Select(r => r.TotalSeconds), "0.00", " s");

    public static string Milliseconds(IEnumerable<TimeSpan> runs) => Format(runs.Select(r => r.TotalMilliseconds), "0.00", " ms");

    public static string Rate(IEnumerable<double> runs) => Format(runs, "N0", "/s");

    public static string Ratio(IEnumerable<double> runs) => Format(runs, "0.00", "x");

    public static string Percent(IEnumerable<double> shares) => Format(shares.Select(s => s * 100), "0.00", " %");

    private static string Format(IEnumerable<double> values, string format, string unit)
    {
        var sorted = values.Order().ToArray();
        var median = sorted[sorted.Length / 2];
        return $"{median.ToString(format)}{unit} ({sorted[0].ToString(format)} to {sorted[^1].ToString(format)})";
    }
}
