using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>Durations as Go reads them (<c>-1.5h30m</c>), or as Scala does: whole numbers with a unit each (<c>2 days</c>).</summary>
internal static partial class GoDuration
{
    private static readonly string[] Abbreviations = ["ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk"];

    // Anything may follow the whole word: milliseconds.
    private static readonly string[] Words = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];

    public static bool IsValid(string text) => (Go().IsMatch(text) && Fits(text)) || (Scala().IsMatch(text) && Part().Matches(text).All(IsNumber) && Part().Matches(text).Any(HasUnit));

    // Within 2^63 nanoseconds.
    private static bool Fits(string text)
    {
        var sum = 0.0;
        foreach (Match part in GoPart().Matches(text))
            if (double.TryParse(part.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                sum += number * Nanoseconds(part.Groups["unit"].Value);
        return sum < long.MaxValue;
    }

    private static double Nanoseconds(string unit) => unit switch
    {
        "ns" => 1,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        _ => 1e3,
    };

    private static bool IsNumber(Match part) => long.TryParse(part.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool HasUnit(Match part)
    {
        var unit = part.Groups["unit"].Value.ToLowerInvariant();
        return Abbreviations.Contains(unit) || Words.Any(w => unit.StartsWith(w, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\A[+-]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)\z")]
    private static partial Regex Go();

    [GeneratedRegex(@"(?<number>[0-9]*\.?[0-9]*)(?<unit>ns|us|µs|μs|ms|s|m|h)")]
    private static partial Regex GoPart();

    [GeneratedRegex(@"\A[ \t\n\f\r]*([0-9]+[ \t\n\f\r]*[A-Za-zµ]+[ \t\n\f\r]*)+\z")]
    private static partial Regex Scala();

    [GeneratedRegex(@"(?<number>[0-9]+)[ \t\n\f\r]*(?<unit>[A-Za-zµ]+)")]
    private static partial Regex Part();
}
