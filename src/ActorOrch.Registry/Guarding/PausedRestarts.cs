using System.Runtime.CompilerServices;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using Akka.Actor.Internal;

namespace ActorOrch.Registry.Guarding;

/// <summary>Named in the configuration (<c>akka.actor.guardian-supervisor-strategy</c>): the strategy for all actors at the top.</summary>
public sealed class PausedRestartsConfigurator : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => new PausedRestarts();
}

/// <summary>
/// Restarts a failed actor as Akka does by default, but with a pause that grows while it fails again and again: one that cannot work must
/// not take the processor and the log from those that can. Its messages wait meanwhile.
/// </summary>
public sealed class PausedRestarts() : OneForOneStrategy(maxNrOfRetries: null, withinTimeRange: null, decider: DefaultDecider)
{
    /// <summary>After this long without a failure an actor is taken for sound again.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    private readonly ConditionalWeakTable<IActorRef, Failures> _failures = [];

    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (!restart)
        {
            base.ProcessFailure(context, restart, child, cause, stats, children);
            return;
        }
        var failures = _failures.GetOrCreateValue(child);
        var clock = context.System.Scheduler.MonotonicClock;
        if (clock - failures.Last > Forgotten) failures.Count = 0;
        failures.Last = clock;
        var pause = PauseAfter(failures.Count++);
        if (pause == TimeSpan.Zero) RestartChild(child, cause, suspendFirst: false);
        // A restart is a message to the actor, which any thread may send; until it comes the actor stays suspended.
        else context.System.Scheduler.Advanced.ScheduleOnce(pause, () => RestartChild(child, cause, suspendFirst: false));
    }

    /// <summary>None after the first failure, then a tenth of a second doubling to half a minute.</summary>
    /// <param name="before">Failures in a row before this one.</param>
    internal static TimeSpan PauseAfter(int before) =>
        before == 0 ? TimeSpan.Zero : Durations.Shorter(Most, First * Math.Pow(2, Math.Min(before - 1, 10)));

    private sealed class Failures
    {
        public int Count { get; set; }
        public TimeSpan Last { get; set; }
    }
}
