namespace ActorOrch.Agent.Probes;

public enum ProbeKind
{
    Startup,
    Liveness,
    Readiness,
}

/// <summary>What one attempt of a probe said.</summary>
/// <param name="Output">The command's or server's own words.</param>
/// <param name="Warning">It succeeded, but for a reason that its pod's owner should know: the output.</param>
/// <param name="Why">Of a command: how it ended.</param>
public sealed record ProbeResult(bool Success, string Output, bool Warning = false, string? Why = null);

/// <summary>Told to the pod's worker when a probe fails or warns, or when its thresholds are crossed.</summary>
/// <param name="Verdict">Success or failure by the thresholds; null where they are not crossed (yet).</param>
/// <param name="Failure">The attempt's output where it failed, for the event.</param>
/// <param name="Warning">The attempt's output where it succeeded with a warning.</param>
public sealed record ProbeOutcome(string ContainerId, string Container, ProbeKind Kind, bool? Verdict, string? Failure, string? Warning = null);
