namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>How to reach the engine, and how hard to drive it.</summary>
public sealed record DockerRuntimeOptions
{
    public required string NodeName { get; init; }

    /// <summary>Below it this process mounts what the engine is to see; null: the engine has to be in this process's own mount namespace.</summary>
    public string? MountDirectory { get; init; }

    /// <summary>How long a call may take, but for streams and for what takes the time that it is given: upstream's <c>runtime-request-timeout</c>.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How soon an engine answers that is there at all.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A pull that gets nothing for so long has failed.</summary>
    public TimeSpan PullSilence { get; init; } = TimeSpan.FromMinutes(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;
    public Uri Endpoint { get; init; } = new("unix:///var/run/docker.sock");

    /// <summary>Creates and starts in flight at once. More than the engine can use only makes each of them slower.</summary>
    public int StartParallelism { get; init; } = Math.Clamp(Environment.ProcessorCount * 4, 6, 32);

    /// <summary>Stops and removals in flight at once.</summary>
    public int StopParallelism { get; init; } = Math.Clamp(Environment.ProcessorCount * 4, 6, 32);

    /// <summary>
    /// Pods get their IPv6 addresses from us right after their start instead of from the engine, which takes nearly twice as long to start a
    /// container with both families. Only as root and on the engine's own machine; otherwise the engine gives them.
    /// </summary>
    public bool OwnIPv6 { get; init; } = true;
}
