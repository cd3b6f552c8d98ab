namespace ActorOrch.Reconciling;

/// <summary>What a run of a reconciler came to. Failures are exceptions, not results.</summary>
public record ReconcileResult
{
    /// <summary>Everything is as it should be until the next wake.</summary>
    public static readonly ReconcileResult Settled = new();

    /// <summary>The object no longer exists and nothing is left to do: the actor may stop.</summary>
    public static readonly ReconcileResult Gone = new() { IsGone = true };

    /// <summary>Look again after this time even if nothing changes.</summary>
    public TimeSpan? WakeAfter { get; init; }

    public bool IsGone { get; init; }

    public static ReconcileResult After(TimeSpan? wakeAfter) => wakeAfter is null ? Settled : new() { WakeAfter = wakeAfter };
}
