namespace ActorOrch.Controllers.Deployments;

public enum RolloutPhase
{
    None,
    Progressing,
    Completed,
    Failed,
}

/// <summary>What a run of the DeploymentActor saw and did.</summary>
/// <param name="Revision">Of the current ReplicaSet.</param>
/// <param name="FromRevision">The older revision whose template came back in this run, if any.</param>
/// <param name="Failure">Why the rollout is given up, or null.</param>
public sealed record RolloutObservation(
    string DeploymentUid, long Revision, string ReplicaSet, long? FromRevision, string? ChangeCause,
    int NewReplicas, int OldReplicas, int Available, bool Paused, bool Complete, string? Failure, string Reason);

/// <summary>Where the latest rollout stands, according to the journal.</summary>
public sealed record RolloutState(
    string DeploymentUid, long Revision, string ReplicaSet, RolloutPhase Phase, bool Paused, int NewReplicas, int OldReplicas)
{
    public static readonly RolloutState None = new("", 0, "", RolloutPhase.None, false, 0, 0);

    public RolloutState Apply(RolloutEvent happened) => happened switch
    {
        RolloutStarted e => new(e.DeploymentUid, e.Revision, e.ReplicaSet, RolloutPhase.Progressing, Paused && DeploymentUid == e.DeploymentUid, 0, 0),
        RolledBack e => new(e.DeploymentUid, e.Revision, e.ReplicaSet, RolloutPhase.Progressing, Paused && DeploymentUid == e.DeploymentUid, 0, 0),
        RolloutStepped e => this with { NewReplicas = e.NewReplicas, OldReplicas = e.OldReplicas },
        RolloutPaused => this with { Paused = true },
        RolloutResumed => this with { Paused = false },
        RolloutCompleted => this with { Phase = RolloutPhase.Completed },
        RolloutFailed => this with { Phase = RolloutPhase.Failed },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "no such rollout event"),
    };

    /// <summary>The events that lead from here to what was observed. Pure.</summary>
    public IReadOnlyList<RolloutEvent> Next(RolloutObservation seen, DateTimeOffset now)
    {
        List<RolloutEvent> events = [];
        var state = this;
        if (seen.DeploymentUid != DeploymentUid || seen.Revision != Revision)
            Add(seen.FromRevision is { } from
                ? new RolledBack(now, seen.Revision, seen.DeploymentUid, seen.ReplicaSet, from)
                : new RolloutStarted(now, seen.Revision, seen.DeploymentUid, seen.ReplicaSet, seen.ChangeCause));
        if (seen.Paused != state.Paused) Add(seen.Paused ? new RolloutPaused(now, seen.Revision) : new RolloutResumed(now, seen.Revision));
        if (state.Phase == RolloutPhase.Completed) return events;
        if (seen.NewReplicas != state.NewReplicas || seen.OldReplicas != state.OldReplicas)
            Add(new RolloutStepped(now, seen.Revision, seen.NewReplicas, seen.OldReplicas, seen.Available, seen.Reason));
        if (seen.Complete) Add(new RolloutCompleted(now, seen.Revision));
        else if (seen.Failure is { } failure && state.Phase != RolloutPhase.Failed) Add(new RolloutFailed(now, seen.Revision, failure));
        return events;

        void Add(RolloutEvent happened)
        {
            events.Add(happened);
            state = state.Apply(happened);
        }
    }
}
