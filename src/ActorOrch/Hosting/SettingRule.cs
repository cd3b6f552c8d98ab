using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorOrch.Hosting;

/// <summary>What may stand in a setting.</summary>
/// <param name="Kind">As a sentence ends: "a whole number between 1 and 10".</param>
internal sealed partial record SettingRule(string Kind, Func<HoconValue, string, bool> Fits, bool IsList = false)
{
    private const int LongestText = 4096;

    /// <summary>The least and the most, as a comment says it: "1 to 10"; null where there are none.</summary>
    public string? Ends { get; init; }

    /// <summary>A list of texts.</summary>
    public static SettingRule Texts { get; } = new("a list of texts without control characters", (_, text) => IsText(text), IsList: true);

    public static SettingRule Switch { get; } = new("a switch, on or off", (_, text) => text is "on" or "off" or "true" or "false" or "yes" or "no");

    /// <summary>One line, or nothing.</summary>
    public static SettingRule Text { get; } = new($"a text of at most {LongestText} characters, without control characters", (_, text) => IsText(text));

    public static SettingRule Name { get; } = new($"a text of 1 to {LongestText} characters, without control characters", (_, text) => text.Length > 0 && IsText(text));

    public static SettingRule OneOf(params string[] values) => new(string.Join(" or ", values), (_, text) => values.Contains(text));

    public static SettingRule Number(long least, long most) =>
        new(Invariant($"a whole number between {least} and {most}"), (_, text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) { Ends = Invariant($"{least} to {most}") };

    /// <summary>Ends that are given as they would be written: "1s", "365d".</summary>
    public static SettingRule Duration(string least, string most)
    {
        var (shortest, longest) = (TimeOf(Literal(least)), TimeOf(Literal(most)));
        // Without a unit it is milliseconds.
        return new($"a duration between {least} and {most}", (value, text) => (DurationForm().IsMatch(text) || WholeForm().IsMatch(text)) && TimeOf(value) is { } time && time >= shortest && time <= longest) { Ends = $"{least} to {most}" };
    }

    /// <inheritdoc cref="Duration"/>
    public static SettingRule Size(string least, string most)
    {
        var (smallest, largest) = (BytesOf(Literal(least), least)!.Value, BytesOf(Literal(most), most)!.Value);
        return new($"a size between {least} and {most}", (value, text) => BytesOf(value, text) is { } bytes && bytes >= smallest && bytes <= largest) { Ends = $"{least} to {most}" };
    }

    /// <summary>What is wrong with what stands at the path; null where nothing is.</summary>
    public string? Wrong(string path, HoconValue? value)
    {
        if (value is null || value.IsObject() || value.IsArray() || !value.IsString()) return IsList && (value is null || !value.IsObject()) ? WrongItem(path, value) : $"{path} must be {Kind}";
        if (IsList) return $"{path} must be {Kind}";
        var text = value.GetString() ?? "";
        return Fits(value, text) ? null : Refused(path, text);
    }

    // An empty list is none to the parser.
    private string? WrongItem(string path, HoconValue? value) =>
        value is null || !value.IsArray() ? null : value.GetArray().Where(item => !Fits(item, item.GetString() ?? "")).Select(item => Refused(path, item.GetString() ?? "")).FirstOrDefault();

    private string Refused(string path, string text) => $"{path}: \"{Shown(text)}\" cannot be used: it must be {Kind}";

    /// <summary>A text of others as a part of a line.</summary>
    public static string Shown(string text, int most = 200)
    {
        var start = text.Length > most ? text[..most] + "…" : text;
        return string.Concat(start.Select(c => char.IsControl(c) ? Invariant($"\\u{(int)c:x4}") : c.ToString()));
    }

    /// <summary>As the reader of durations takes it; null where it takes it for none.</summary>
    public static TimeSpan? TimeOf(HoconValue value)
    {
        try
        {
            return value.GetTimeSpan(allowInfinite: false);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            // Likewise.
            return null;
        }
    }

    /// <summary>As the reader of sizes takes it, which counts beyond the largest number from the least again; null where it takes it for none.</summary>
    private static decimal? BytesOf(HoconValue value, string text)
    {
        if (SizeForm().Match(text) is not { Success: true } match || !decimal.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        try
        {
            return value.GetByteSize() is null || Literal($"1{match.Groups[2].Value}").GetByteSize() is not { } unit || number > decimal.MaxValue / unit ? null : number * unit;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            // Likewise.
            return null;
        }
    }

    private static HoconValue Literal(string text) => ConfigurationFactory.ParseString($"x = \"{text}\"").GetValue("x");

    private static bool IsText(string text) => text.Length <= LongestText && !text.Any(char.IsControl);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex(@"\A[0-9]{1,25}\z")]
    private static partial Regex WholeForm();

    [GeneratedRegex(@"\A[0-9]{1,25}(\.[0-9]{1,25})?\s*(ns|us|ms|s|m|h|d|nanos?|micros?|millis?|seconds?|minutes?|hours?|days?|nanoseconds?|microseconds?|milliseconds?)\z")]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"\A([0-9]{1,25})(\s*[a-zA-Z]*)\z")]
    private static partial Regex SizeForm();
}
