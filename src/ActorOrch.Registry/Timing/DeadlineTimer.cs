using ActorOrch.Resources.Timing;

namespace ActorOrch.Registry.Timing;

/// <summary>
/// A timer for any wait: one longer than the runtime's timers can be (49 days) is waited for in steps, a negative one is none. A failure of
/// its callback is told to <see cref="Unawaited"/>, and the timer goes on. Safe for parallel use.
/// </summary>
public sealed class DeadlineTimer : IDisposable, IAsyncDisposable
{
    internal static readonly TimeSpan LongestStep = TimeSpan.FromDays(40);

    /// <summary>A timer may fire this much before its time.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly string _what;
    private readonly Action _callback;
    private readonly ITimer _timer;
    private TimeSpan? _period;
    private TimeSpan _due;

    /// <summary>A timer that is not set yet.</summary>
    /// <param name="what">What it does, for the log where that fails.</param>
    public DeadlineTimer(TimeProvider time, string what, Action callback)
    {
        _time = time;
        _what = what;
        _callback = callback;
        // What the caller's context holds must not live as long as the timer.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(static self => ((DeadlineTimer)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Clock => _time.GetElapsedTime(0);

    /// <summary>Fires once after the wait.</summary>
    public static DeadlineTimer Once(TimeProvider time, TimeSpan wait, string what, Action callback)
    {
        var timer = new DeadlineTimer(time, what, callback);
        timer.Set(wait);
        return timer;
    }

    /// <summary>Fires each time the interval has passed.</summary>
    public static DeadlineTimer Every(TimeProvider time, TimeSpan interval, string what, Action callback)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        var timer = new DeadlineTimer(time, what, callback) { _period = interval.Bounded() };
        timer.Set(interval);
        return timer;
    }

    /// <summary>Fires after this wait, and not when it was to fire before.</summary>
    public void Set(TimeSpan wait)
    {
        lock (_gate)
        {
            _due = Clock + Durations.Longer(wait, TimeSpan.Zero).Bounded();
            Arm();
        }
    }

    public void Dispose() => _timer.Dispose();

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>Does nothing once the timer is disposed.</summary>
    private void Arm()
    {
        var step = Durations.Longer(Durations.Shorter(_due - Clock, LongestStep), TimeSpan.Zero);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(step.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_due - Clock > Early)
            {
                Arm();
                return;
            }
            if (_period is { } period)
            {
                _due = Clock + period;
                Arm();
            }
        }
        Unawaited.Run(_what, _callback);
    }
}
