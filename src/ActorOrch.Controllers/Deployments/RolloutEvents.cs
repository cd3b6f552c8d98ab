namespace ActorOrch.Controllers.Deployments;

/// <summary>What happened to a Deployment's rollouts, as the DeploymentActor journals it. History only: decisions come from what is stored.</summary>
public abstract record RolloutEvent(DateTimeOffset At, long Revision);

/// <summary>A new pod template began to be rolled out.</summary>
public sealed record RolloutStarted(DateTimeOffset At, long Revision, string DeploymentUid, string ReplicaSet, string? ChangeCause)
    : RolloutEvent(At, Revision);

/// <summary>The template of <paramref name="FromRevision"/> came back and began to be rolled out as a new revision.</summary>
public sealed record RolledBack(DateTimeOffset At, long Revision, string DeploymentUid, string ReplicaSet, long FromRevision)
    : RolloutEvent(At, Revision);

/// <summary>Replicas were shifted.</summary>
/// <param name="Reason">Why this step could be taken.</param>
public sealed record RolloutStepped(DateTimeOffset At, long Revision, int NewReplicas, int OldReplicas, int Available, string Reason)
    : RolloutEvent(At, Revision);

public sealed record RolloutPaused(DateTimeOffset At, long Revision) : RolloutEvent(At, Revision);

public sealed record RolloutResumed(DateTimeOffset At, long Revision) : RolloutEvent(At, Revision);

/// <summary>Every pod is new and available.</summary>
public sealed record RolloutCompleted(DateTimeOffset At, long Revision) : RolloutEvent(At, Revision);

/// <summary>No progress within progressDeadlineSeconds. The rollout goes on if it can.</summary>
public sealed record RolloutFailed(DateTimeOffset At, long Revision, string Message) : RolloutEvent(At, Revision);
