namespace ActorOrch.Agent.Probes;

public enum ProbeKind
{
    Startup,
    Liveness,
    Readiness,
}

/// <summary>What one attempt of a probe said.</summary>
public sealed record ProbeResult(bool Success, string Output);

/// <summary>Told to the pod's worker when a probe fails, or when its thresholds are crossed.</summary>
/// <param name="Verdict">Success or failure by the thresholds; null where they are not crossed (yet).</param>
/// <param name="Failure">The attempt's output where it failed, for the event.</param>
public sealed record ProbeOutcome(string ContainerId, string Container, ProbeKind Kind, bool? Verdict, string? Failure);
