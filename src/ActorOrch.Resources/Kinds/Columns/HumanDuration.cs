using System.Globalization;

namespace ActorOrch.Resources.Kinds.Columns;

/// <summary>How kubectl prints ages: two units at most, the finer one only while it says something (apimachinery's <c>duration</c>).</summary>
public static class HumanDuration
{
    public static string Print(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        // Clocks of two machines may differ a little; more than a second is worth showing.
        if (seconds < -1) return "<invalid>";
        if (seconds < 0) return "0s";
        if (seconds < 120) return Text($"{seconds}s");
        var minutes = seconds / 60;
        if (minutes < 10) return Pair(minutes, "m", seconds % 60, "s");
        if (minutes < 180) return Text($"{minutes}m");
        var hours = minutes / 60;
        if (hours < 8) return Pair(hours, "h", minutes % 60, "m");
        if (hours < 48) return Text($"{hours}h");
        var days = hours / 24;
        if (days < 8) return Pair(days, "d", hours % 24, "h");
        if (days < 365 * 2) return Text($"{days}d");
        if (days < 365 * 8) return Pair(days / 365, "y", days % 365, "d");
        return Text($"{days / 365}y");
    }

    /// <summary>The time since <paramref name="then"/>; <c>&lt;unknown&gt;</c> where that is not known.</summary>
    public static string Since(DateTimeOffset? then, DateTimeOffset now) =>
        then is not { } time || time == default ? "<unknown>" : Print(now - time);

    private static string Pair(long coarse, string coarseUnit, long fine, string fineUnit) =>
        fine == 0 ? Text($"{coarse}{coarseUnit}") : Text($"{coarse}{coarseUnit}{fine}{fineUnit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
