namespace ActorOrch.Agent.Pods;

/// <summary>Something to do for a pod, with the reason for it.</summary>
public abstract record PodAction(string Why)
{
    public sealed record PrepareVolumes(string Why) : PodAction(Why);

    public sealed record StartSandbox(int Attempt, string Why) : PodAction(Why);

    public sealed record RemoveSandbox(string Id, string Why) : PodAction(Why);

    /// <param name="BackOff">The container's back-off once this start has been tried.</param>
    public sealed record StartContainer(string Name, int Attempt, RestartBackOff? BackOff, string Why) : PodAction(Why);

    /// <param name="Graceful">Whether it may take its grace period; otherwise it is killed.</param>
    public sealed record StopContainer(string Name, string Id, KillOrder Order, bool Graceful, string Why) : PodAction(Why);

    /// <summary>The sandbox was replaced: an ended init container has to run again in the new one.</summary>
    public sealed record ForgetRun(string Name, string Why) : PodAction(Why);

    /// <summary>Everything has stopped: containers, volumes and addresses can be removed.</summary>
    public sealed record CleanUp(string Why) : PodAction(Why);
}

/// <param name="WakeAt">When to decide again although nothing happened.</param>
public sealed record PodDecision(IReadOnlyList<PodAction> Actions, DateTimeOffset? WakeAt);
