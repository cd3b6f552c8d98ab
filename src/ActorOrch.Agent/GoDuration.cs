using System.Globalization;

namespace ActorOrch.Agent;

/// <summary>Durations as Go prints them, since they stand in Kubernetes' messages: <c>10s</c>, <c>2m40s</c>, <c>5m0s</c>, <c>12ms</c>, <c>1.234s</c>.</summary>
internal static class GoDuration
{
    public static string Text(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1)) return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.###}ms");
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds % 60:0.###}s");
        if (duration < TimeSpan.FromMinutes(1)) return seconds;
        return duration < TimeSpan.FromHours(1)
            ? $"{duration.Minutes}m{seconds}"
            : string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours}h{duration.Minutes}m{seconds}");
    }
}
