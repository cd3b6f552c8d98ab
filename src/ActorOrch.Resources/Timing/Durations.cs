namespace ActorOrch.Resources.Timing;

/// <summary>
/// Arithmetic on durations and deadlines that anyone may write: it ends at the longest duration and at the first and last moment of the
/// calendar instead of failing. Whatever comes from an object or a request goes through here.
/// </summary>
public static class Durations
{
    /// <summary>What Kubernetes' own durations hold, 2^63-1 nanoseconds to the second: 292 years. Sums of a few of them are within <see cref="TimeSpan"/>.</summary>
    public static readonly TimeSpan Longest = new(long.MaxValue / 1_000_000_000 * TimeSpan.TicksPerSecond);

    /// <summary>So many seconds, at most <see cref="Longest"/> either way.</summary>
    public static TimeSpan OfSeconds(long seconds)
    {
        var most = Longest.Ticks / TimeSpan.TicksPerSecond;
        return new(Math.Clamp(seconds, -most, most) * TimeSpan.TicksPerSecond);
    }

    /// <summary>So many seconds and parts of them, at most <see cref="Longest"/> either way; none for what is no number.</summary>
    public static TimeSpan OfSeconds(double seconds) => double.IsNaN(seconds)
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Clamp(seconds, -Longest.TotalSeconds, Longest.TotalSeconds));

    /// <summary>The duration, at most <see cref="Longest"/> either way.</summary>
    public static TimeSpan Bounded(this TimeSpan duration) =>
        duration > Longest ? Longest : duration < -Longest ? -Longest : duration;

    /// <summary>That much later (earlier, where negative), in UTC; the calendar's end where it has none so late.</summary>
    public static DateTimeOffset After(this DateTimeOffset time, TimeSpan duration) =>
        new(Math.Clamp(time.UtcTicks + duration.Bounded().Ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);

    /// <summary>So many seconds later, in UTC; the calendar's end where it has none so late.</summary>
    public static DateTimeOffset After(this DateTimeOffset time, long seconds) => time.After(OfSeconds(seconds));

    /// <summary>The longer of two.</summary>
    public static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>The shorter of two.</summary>
    public static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
