using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace ActorOrch.Registry.Clustering;

/// <summary>
/// The actor system's scheduler on the runtime's own timers: accurate to a millisecond, and no thread wakes while nothing is due. Akka's
/// wheel rounds every delay up to its tick and pays for each tick at rest. What repeats every second or so is due at the same moments as
/// all else that does: one waking of the process serves a dozen periodic tasks, and at rest wakings are what costs.
/// </summary>
/// <remarks>Named in the configuration (<c>akka.scheduler.implementation</c>). Once disposed it runs nothing any more.</remarks>
public sealed class TimerScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    /// <summary>Longer than this a timer of the runtime cannot wait.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromDays(40);

    /// <summary>What repeats at a multiple of this interval is due at multiples of it.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time;
    private volatile bool _ended;

    public TimerScheduler(Config config, ILoggingAdapter log)
        : this(config, log, TimeProvider.System)
    {
    }

    internal TimerScheduler(Config config, ILoggingAdapter log, TimeProvider time)
        : base(config, log) => _time = time;

    public override TimeSpan MonotonicClock => _time.GetElapsedTime(0);

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow => _time.GetUtcNow();

    public void Dispose() => _ended = true;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Start(delay, null, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Start(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Start(delay, null, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => Start(delay, null, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Start(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Start(initialDelay, interval, action.Run, cancelable);

    private void Start(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        if (!_ended && cancelable is not { IsCancellationRequested: true }) new Scheduled(this, interval, action).Start(delay, cancelable);
    }

    /// <summary>How long to wait until what repeats is due again: up to a beat less than the interval the first time, and the interval from then on.</summary>
    private TimeSpan Again(TimeSpan interval)
    {
        if (interval.Ticks % Beat.Ticks != 0) return interval;
        // A timer may fire a moment before its beat, and must not take that for one between two.
        var due = MonotonicClock + interval + Early;
        return interval + Early - new TimeSpan(due.Ticks % Beat.Ticks);
    }

    private sealed class Scheduled(TimerScheduler scheduler, TimeSpan? interval, Action action)
    {
        private ITimer? _timer;
        private CancellationTokenRegistration _cancellation;
        private TimeSpan _left;

        public void Start(TimeSpan delay, ICancelable? cancelable)
        {
            // What the caller's context holds must not live as long as the timer.
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
                _timer = scheduler._time.CreateTimer(static self => ((Scheduled)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (cancelable is not null) _cancellation = cancelable.Token.UnsafeRegister(static self => ((Scheduled)self!)._timer!.Dispose(), this);
            Arm(delay);
        }

        /// <summary>Does nothing once the timer is disposed.</summary>
        private void Arm(TimeSpan delay)
        {
            var step = delay < LongestStep ? delay : LongestStep;
            _left = delay - step;
            _timer!.Change(TimeSpan.FromMilliseconds(Math.Ceiling(step.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }

        private void Fire()
        {
            if (_left > TimeSpan.Zero && !scheduler._ended)
            {
                Arm(_left);
                return;
            }
            if (!scheduler._ended && !_cancellation.Token.IsCancellationRequested) Run();
            if (interval is { } again && !scheduler._ended)
            {
                Arm(scheduler.Again(again));
                return;
            }
            _cancellation.Unregister();
            _timer!.Dispose();
        }

        private void Run()
        {
            try
            {
                action();
            }
            catch (Exception failure)
            {
                // Nobody waits for it: an exception here would end the process.
                scheduler.Log.Error(failure, "What was scheduled failed");
            }
        }
    }
}
