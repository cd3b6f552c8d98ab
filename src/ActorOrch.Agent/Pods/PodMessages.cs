using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Probes;
using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary>What a pod's worker is told.</summary>
internal static class PodMessages
{
    /// <summary>The pod's object changed.</summary>
    public sealed record Updated(V1Pod Pod);

    /// <summary>The pod's object was removed: nobody waits for a graceful end.</summary>
    public sealed record Gone;

    /// <summary>Something happened to one of the pod's containers.</summary>
    public sealed record Engine(ContainerEvent Event);

    /// <summary>The engine was away; these containers of the pod are what there is now.</summary>
    public sealed record Resync(IReadOnlyList<ContainerState> Containers);

    /// <summary>A ConfigMap or Secret that the pod refers to changed.</summary>
    public sealed record SourcesChanged;

    public sealed record VolumesPrepared(IReadOnlyDictionary<string, string>? Paths, string? Error);

    /// <param name="Failure">Null where all was written.</param>
    public sealed record VolumesRefreshed(Exception? Failure);

    public sealed record SandboxStarted(string? Id, int Attempt, string? Error);

    public sealed record SandboxRemoved(string Id);

    public sealed record Started(string Name, StartOutcome Outcome);

    /// <param name="Final">The container's state after the stop; null where it was removed.</param>
    public sealed record Stopped(string Name, string Id, ContainerState? Final);

    /// <summary>The end of a container with its termination message read.</summary>
    public sealed record Ended(string Name, string Id, Termination End);

    public sealed record Probed(ProbeOutcome Outcome);

    /// <summary>It is time to look at what the pod uses of the disk.</summary>
    public sealed record MeasureStorage;

    /// <param name="Excess">Which limit is passed; null where none is.</param>
    /// <param name="Failure">Why not all could be measured.</param>
    /// <param name="Took">How long that was.</param>
    public sealed record StorageMeasured(Rejection? Excess, string? Failure, TimeSpan Took);

    public sealed record CleanedUp;

    /// <summary>An operation failed although the pod could do nothing about it (the engine is away): tried again.</summary>
    public sealed record OperationFailed(string What, Exception Cause, string? Container);

    public sealed record Wake;
}

/// <summary>Worker to agent: a new status.</summary>
/// <param name="Ended">Its phase is a last one: the pod holds nothing of its node any more.</param>
internal sealed record PodReported(string Namespace, string Name, string Uid, byte[] StatusJson, bool Terminated, bool Ended = false);

/// <summary>How a start went: an instance, a problem, or both where the container was made but does not run.</summary>
/// <param name="HookFailed">The container runs and has to be stopped: its postStart hook failed, and <paramref name="Problem"/> says why.</param>
internal sealed record StartOutcome(int Attempt, ContainerInstance? Instance, Waiting? Problem, RetryWhen Retry = RetryWhen.Soon, bool HookFailed = false);

internal enum RetryWhen
{
    /// <summary>After the container's back-off.</summary>
    Soon,

    /// <summary>When an object it refers to changes.</summary>
    SourcesChange,
}
