using System.Collections.Concurrent;
using ActorOrch.Registry.Clustering;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace ActorOrch.Registry.Tests.Clustering;

public sealed class TimerSchedulerTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly HandTurned _time = new();
    private readonly TimerScheduler _scheduler;
    private readonly IActionScheduler _actions;
    private int _runs;

    public TimerSchedulerTests() => _actions = _scheduler = new(Config.Empty, NoLogger.Instance, _time);

    public void Dispose() => _scheduler.Dispose();

    [Fact]
    public void What_is_scheduled_once_runs_when_it_is_due_and_not_again()
    {
        _actions.ScheduleOnce(Second, () => _runs++);
        _time.Turn(Second - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _runs);
        _time.Turn(TimeSpan.FromMilliseconds(1));
        _time.Turn(Second);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public void What_repeats_goes_on_after_a_failure_until_it_is_cancelled()
    {
        var cancel = new Cancelable(_actions);
        _actions.ScheduleRepeatedly(Second, 2 * Second, () => throw new InvalidOperationException($"run {++_runs}"), cancel);
        _time.Turn(Second);
        _time.Turn(2 * Second);
        Assert.Equal(2, _runs);
        cancel.Cancel();
        _time.Turn(10 * Second);
        Assert.Equal(2, _runs);
    }

    [Fact]
    public void What_repeats_at_the_same_interval_comes_to_be_due_at_the_same_moments_and_keeps_its_interval()
    {
        var runs = new List<(string Who, TimeSpan At)>();
        foreach (var (who, first) in new[] { ("a", 130), ("b", 480), ("c", 777) })
            _actions.ScheduleRepeatedly(TimeSpan.FromMilliseconds(first), Second, () => runs.Add((who, _scheduler.MonotonicClock)));
        for (var i = 0; i < 5000; i++) _time.Turn(TimeSpan.FromMilliseconds(1));

        Assert.All(runs.GroupBy(r => r.Who), g => Assert.InRange(g.Count(), 5, 6));
        Assert.All(runs.Where(r => r.At > Second), r => Assert.Equal(0, r.At.Ticks % (Second / 2).Ticks));
    }

    [Fact]
    public void What_repeats_and_fires_a_moment_too_soon_is_not_due_again_at_once()
    {
        _time.Turn(TimeSpan.FromMicroseconds(700));
        _actions.ScheduleRepeatedly(TimeSpan.FromMilliseconds(999), Second, () => _runs++);
        _time.Turn(TimeSpan.FromMilliseconds(999));
        _time.Turn(Second);
        Assert.Equal(1, _runs);
        _time.Turn(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _runs);
    }

    [Fact]
    public void An_odd_interval_stays_as_it_is()
    {
        _actions.ScheduleRepeatedly(Second, TimeSpan.FromMilliseconds(700), () => _runs++);
        _time.Turn(Second);
        _time.Turn(TimeSpan.FromMilliseconds(699));
        Assert.Equal(1, _runs);
        _time.Turn(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _runs);
    }

    [Fact]
    public void What_is_cancelled_before_it_is_due_never_runs()
    {
        var cancel = new Cancelable(_actions);
        _actions.ScheduleOnce(Second, () => _runs++, cancel);
        cancel.Cancel();
        _time.Turn(2 * Second);
        Assert.Equal(0, _runs);
    }

    [Fact]
    public void A_delay_of_a_year_is_waited_for_in_steps()
    {
        _actions.ScheduleOnce(TimeSpan.FromDays(365), () => _runs++);
        for (var day = 0; day < 364; day++) _time.Turn(TimeSpan.FromDays(1));
        Assert.Equal(0, _runs);
        _time.Turn(TimeSpan.FromDays(1));
        Assert.Equal(1, _runs);
    }

    [Fact]
    public void Nothing_runs_once_the_system_has_ended()
    {
        _actions.ScheduleRepeatedly(Second, Second, () => _runs++);
        _scheduler.Dispose();
        _time.Turn(5 * Second);
        Assert.Equal(0, _runs);
    }

    /// <summary>A clock whose timers fire while it is turned.</summary>
    private sealed class HandTurned : TimeProvider
    {
        private readonly ConcurrentDictionary<Timer, bool> _timers = [];
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }

        public void Turn(TimeSpan by)
        {
            _now += by.Ticks;
            foreach (var timer in _timers.Keys) timer.FireIfDue();
        }

        private sealed class Timer(HandTurned clock, TimerCallback callback, object? state) : ITimer
        {
            private long? _due;
            private bool _disposed;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                if (_disposed) return false;
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime.Ticks;
                clock._timers[this] = true;
                return true;
            }

            public void FireIfDue()
            {
                if (_disposed || _due > clock._now || _due is null) return;
                _due = null;
                callback(state);
            }

            public void Dispose()
            {
                _disposed = true;
                clock._timers.TryRemove(this, out _);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
