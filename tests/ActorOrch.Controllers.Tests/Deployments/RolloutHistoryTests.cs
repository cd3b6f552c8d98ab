using ActorOrch.Controllers.Deployments;

namespace ActorOrch.Controllers.Tests.Deployments;

public sealed class RolloutHistoryTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RolloutObservation Begun = new("u", 1, "web-1", null, "why", 3, 0, 0, false, false, null, "new");

    [Fact]
    public void A_rollout_is_told_from_start_to_end_and_a_repeated_observation_tells_nothing()
    {
        var (state, first) = See(RolloutState.None, Begun);
        Assert.Equal([typeof(RolloutStarted), typeof(RolloutStepped)], first);
        (state, var again) = See(state, Begun);
        Assert.Empty(again);
        (state, var end) = See(state, Begun with { Available = 3, Complete = true });
        Assert.Equal([typeof(RolloutCompleted)], end);
        (_, var scaled) = See(state, Begun with { NewReplicas = 5, Available = 3 });
        Assert.Empty(scaled);
    }

    [Fact]
    public void Going_back_pausing_and_failing_are_told()
    {
        var (state, _) = See(RolloutState.None, Begun with { Complete = true });
        (state, var back) = See(state, Begun with { Revision = 3, FromRevision = 1, Paused = true });
        Assert.Equal([typeof(RolledBack), typeof(RolloutPaused), typeof(RolloutStepped)], back);
        (state, var failed) = See(state, Begun with { Revision = 3, Failure = "late" });
        Assert.Equal([typeof(RolloutResumed), typeof(RolloutFailed)], failed);
        (_, var late) = See(state, Begun with { Revision = 3, Complete = true });
        Assert.Equal([typeof(RolloutCompleted)], late);
    }

    private static (RolloutState State, IEnumerable<Type> Events) See(RolloutState state, RolloutObservation seen)
    {
        var events = state.Next(seen, Now);
        return (events.Aggregate(state, (s, e) => s.Apply(e)), events.Select(e => e.GetType()));
    }
}
