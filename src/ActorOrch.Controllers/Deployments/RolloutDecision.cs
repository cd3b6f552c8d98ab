namespace ActorOrch.Controllers.Deployments;

/// <summary>A ReplicaSet of the Deployment's template is missing.</summary>
public sealed record ReplicaSetCreation(int Replicas, IReadOnlyDictionary<string, string> Annotations);

/// <summary>What becomes of an existing ReplicaSet.</summary>
public sealed record ReplicaSetChange(ReplicaSetView Set, int Replicas, int MinReadySeconds, IReadOnlyDictionary<string, string> Annotations)
{
    public bool Scales => Replicas != Set.Replicas;

    public ReplicaSetView Changed => Set with
    {
        Replicas = Replicas,
        MinReadySeconds = MinReadySeconds,
        Annotations = Annotations,
        Observed = Set.Observed && !Scales,
    };
}

/// <summary>What a Deployment does about its ReplicaSets now. The sets as they will be are what its status is computed from.</summary>
/// <param name="Reason">Why, for the log.</param>
public sealed record RolloutDecision(
    ReplicaSetCreation? Create, IReadOnlyList<ReplicaSetChange> Changes, IReadOnlyList<ReplicaSetView> Delete, string Reason);
