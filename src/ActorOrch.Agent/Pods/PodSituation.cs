using System.Collections.Immutable;
using ActorOrch.Agent.Pods.Isolation;

namespace ActorOrch.Agent.Pods;

public enum RestartPolicy
{
    Always,
    OnFailure,
    Never,
}

/// <summary>The container that holds the network namespace of a pod of several containers.</summary>
public sealed record SandboxSituation
{
    public string? Id { get; init; }
    public bool Running { get; init; }
    public int NextAttempt { get; init; }
    public Busy Busy { get; init; }

    /// <summary>When to try again after a failure.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>How often it could not be started, one time after the other.</summary>
    public int Failures { get; init; }
}

public enum VolumesSituation
{
    Missing,
    Preparing,
    Ready,

    /// <summary>A source is missing; tried again when it appears.</summary>
    Failed,
}

/// <summary>A pod and what of it is on this machine: all that <see cref="PodPlan"/> decides on.</summary>
public sealed record PodSituation
{
    public required RestartPolicy RestartPolicy { get; init; }

    /// <summary>Init containers and sidecars in order, then the main ones.</summary>
    public required ImmutableArray<ContainerSituation> Containers { get; init; }

    /// <summary>Null where the pod's only container has the namespace itself, or the pod uses the machine's.</summary>
    public SandboxSituation? Sandbox { get; init; }

    public VolumesSituation Volumes { get; init; }

    /// <summary>The node does not take the pod, or it had come to its end before: nothing of it will ever run.</summary>
    public Rejection? Rejected { get; init; }

    /// <summary>The pod has to end, and has failed by this: a passed deadline, a limit that it broke. Nothing of it is started again.</summary>
    public Rejection? Doom { get; init; }

    /// <summary>Why the pod cannot have its sandbox on this node, as it is: nothing of it is started.</summary>
    public string? Obstacle { get; init; }

    /// <summary>The pod is being deleted, or its object was removed.</summary>
    public bool Going { get; init; }

    /// <summary>By when the containers of a pod that is being deleted, or has failed, must be dead; null: each has its grace period.</summary>
    public DateTimeOffset? KillBy { get; init; }

    /// <summary>From <c>activeDeadlineSeconds</c>.</summary>
    public DateTimeOffset? Deadline { get; init; }

    public bool AnythingBusy => Sandbox is { Busy: not Busy.No } || Volumes == VolumesSituation.Preparing || Containers.Any(c => c.Busy != Busy.No);

    /// <summary>A container of the pod runs, or may do so any moment.</summary>
    public bool AnythingRuns => Containers.Any(c => c.Running || c.Busy != Busy.No);

    public ContainerSituation this[string name] => Containers.First(c => c.Name == name);

    public PodSituation With(ContainerSituation changed)
    {
        var index = IndexOf(changed.Name);
        return this with { Containers = Containers.SetItem(index, changed) };
    }

    public int IndexOf(string name)
    {
        for (var i = 0; i < Containers.Length; i++) if (Containers[i].Name == name) return i;
        throw new KeyNotFoundException($"the pod has no container {name}");
    }
}
