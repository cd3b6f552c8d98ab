using ActorOrch.Resources.Timing;

namespace ActorOrch.Agent.Pods;

/// <summary>
/// How long a failing thing waits until it is tried again: at once the first time, then 10 s doubling to 5 min; forgotten when nothing failed
/// for twice the longest delay. As upstream's <c>flowcontrol.Backoff</c>.
/// </summary>
/// <param name="Delay">The delay after the next failure.</param>
/// <param name="Since">When it was last tried.</param>
public sealed record RestartBackOff(TimeSpan Delay, DateTimeOffset Since)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>When it may be tried again after it failed at <paramref name="failedAt"/>; not after that time where there is no delay.</summary>
    public static DateTimeOffset NotBefore(RestartBackOff? current, DateTimeOffset failedAt) =>
        current is null || IsForgotten(current, failedAt) ? failedAt : failedAt.After(current.Delay);

    /// <summary>The back-off after trying again at <paramref name="now"/>.</summary>
    public static RestartBackOff Next(RestartBackOff? current, DateTimeOffset failedAt, DateTimeOffset now) =>
        current is null || IsForgotten(current, failedAt)
            ? new(First, now)
            : new(Durations.Shorter(current.Delay * 2, Longest), now);

    /// <summary>The wait after so many failures in a row: the first, twice as long each time, and never longer than <paramref name="longest"/>.</summary>
    public static TimeSpan Doubled(TimeSpan first, int failures, TimeSpan longest)
    {
        var ticks = first.Ticks;
        for (var i = 1; i < failures && ticks < longest.Ticks; i++) ticks *= 2;
        return new(Math.Min(ticks, longest.Ticks));
    }

    private static bool IsForgotten(RestartBackOff current, DateTimeOffset failedAt) => failedAt - current.Since > 2 * Longest;
}
