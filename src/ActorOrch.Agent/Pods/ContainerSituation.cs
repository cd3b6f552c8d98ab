namespace ActorOrch.Agent.Pods;

public enum ContainerKind
{
    /// <summary>Runs to its end before the next starts.</summary>
    Init,

    /// <summary>An init container with <c>restartPolicy: Always</c>: has only to have started.</summary>
    Sidecar,
    Main,
}

/// <summary>The operation on a container that is under way; there is never more than one.</summary>
public enum Busy
{
    No,
    Starting,
    Stopping,
}

/// <summary>Why a container is not there yet: <c>state.waiting</c>.</summary>
public sealed record Waiting(string Reason, string Message);

/// <summary>How an instance ended: <c>state.terminated</c>.</summary>
public sealed record Termination(int ExitCode, string Reason, string? Message, DateTimeOffset FinishedAt);

/// <summary>One container of the engine, of those a pod's container has had.</summary>
/// <param name="Attempt">0 for the first; the pod's <c>restartCount</c>.</param>
public sealed record ContainerInstance(
    string Id, int Attempt, string SpecHash, string Image, string ImageId, DateTimeOffset? StartedAt, Termination? End)
{
    public bool Running => End is null && StartedAt is not null;
}

/// <summary>Why a running container has to be stopped although the pod stays.</summary>
/// <param name="Message">The event's text: <c>Container web failed liveness probe, will be restarted</c>.</param>
/// <param name="ByProbe">A liveness or startup probe says so, whose own grace period holds where it has one.</param>
public sealed record KillOrder(string Reason, string Message, bool ByProbe = false);

/// <summary>All that is known of one container of a pod.</summary>
public sealed record ContainerSituation
{
    public required string Name { get; init; }
    public required ContainerKind Kind { get; init; }

    /// <summary>What the spec asks for now; an instance with another is replaced.</summary>
    public required string SpecHash { get; init; }

    /// <summary>The newest instance, running or dead.</summary>
    public ContainerInstance? Current { get; init; }

    /// <summary>The dead one before it: <c>lastState</c>, and what <c>logs --previous</c> shows.</summary>
    public ContainerInstance? Last { get; init; }

    public Busy Busy { get; init; }

    /// <summary>Why the last try to start failed, where it did.</summary>
    public Waiting? Problem { get; init; }

    /// <summary>When to try again; <see cref="DateTimeOffset.MaxValue"/>: when something that it refers to changes.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    public RestartBackOff? BackOff { get; init; }

    /// <summary>Its startup probe has succeeded, or it has none.</summary>
    public bool Started { get; init; }

    /// <summary>Its readiness probe succeeds, or it has none.</summary>
    public bool ProbedReady { get; init; }

    public KillOrder? Kill { get; init; }

    /// <summary>It has been killed without grace; nothing more can be done than wait.</summary>
    public bool Forced { get; init; }

    public bool Running => Current is { Running: true };

    public bool Succeeded => Current is { End.ExitCode: 0 };

    public bool Ready => Running && Started && ProbedReady;

    public int NextAttempt => (Current ?? Last) is { } newest ? newest.Attempt + 1 : 0;
}
