namespace ActorOrch.Resources.Kinds;

/// <summary>
/// When the deletion of a namespace comes to the objects of a kind. A pod that shuts down may still use its configuration, its account and its services: all else
/// waits until no pod is left.
/// </summary>
public enum DeletionStage
{
    /// <summary>Once no pod is left.</summary>
    AfterPods,

    /// <summary>At once: it would make new pods.</summary>
    Workload,

    /// <summary>At once, and all else waits for it.</summary>
    Pod,
}
