using ActorOrch.Resources.Numbers;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Controllers.Deployments;

/// <summary>What the rollout logic needs of a Deployment.</summary>
public sealed record DeploymentView
{
    private const int NoDeadline = int.MaxValue;

    public required string Name { get; init; }
    public required int Replicas { get; init; }

    /// <summary>Pods allowed beyond <see cref="Replicas"/> during a rolling update; percentages are rounded up.</summary>
    public required int MaxSurge { get; init; }

    /// <summary>Pods that may be missing during a rolling update; percentages are rounded down. 1 where both would be 0.</summary>
    public required int MaxUnavailable { get; init; }

    public bool Recreate { get; init; }
    public bool Paused { get; init; }
    public bool Deleting { get; init; }
    public int MinReadySeconds { get; init; }
    public int? RevisionHistoryLimit { get; init; }

    /// <summary>Null where progress is not judged.</summary>
    public TimeSpan? ProgressDeadline { get; init; }

    public long Generation { get; init; }
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
    /// <summary>The annotation <c>deployment.kubernetes.io/revision</c>.</summary>
    public string? Revision => Annotations.GetValueOrDefault(RolloutAnnotations.Revision);

    public DeploymentStatus Status { get; init; } = DeploymentStatus.None;

    /// <summary>The least number of available pods that a rolling update keeps, and that makes the Deployment Available.</summary>
    public int MinAvailable => Replicas - MaxUnavailable;

    /// <summary>The most pods there may be at a time.</summary>
    public int MostPods => Saturating.Add(Replicas, MaxSurge);

    public static DeploymentView Of(StoredObject obj)
    {
        var deployment = obj.As<V1Deployment>();
        var spec = deployment.Spec;
        var replicas = spec.Replicas ?? 1;
        var recreate = spec.Strategy?.Type == "Recreate";
        var surge = recreate ? 0 : IntOrPercent.Resolve(spec.Strategy?.RollingUpdate?.MaxSurge, "25%", replicas, roundUp: true);
        var unavailable = recreate ? 0 : IntOrPercent.Resolve(spec.Strategy?.RollingUpdate?.MaxUnavailable, "25%", replicas, roundUp: false);
        if (!recreate && surge == 0 && unavailable == 0) unavailable = 1;
        return new()
        {
            Name = obj.Key.Name,
            Replicas = replicas,
            MaxSurge = surge,
            MaxUnavailable = Math.Min(unavailable, replicas),
            Recreate = recreate,
            Paused = spec.Paused ?? false,
            Deleting = obj.Meta.DeletionTimestamp is not null,
            MinReadySeconds = spec.MinReadySeconds ?? 0,
            RevisionHistoryLimit = spec.RevisionHistoryLimit is null or NoDeadline ? null : spec.RevisionHistoryLimit,
            ProgressDeadline = spec.ProgressDeadlineSeconds is null or NoDeadline ? null : Durations.OfSeconds(spec.ProgressDeadlineSeconds.Value),
            Generation = obj.Meta.Generation,
            Annotations = obj.Meta.Annotations,
            Status = DeploymentStatus.Of(deployment.Status),
        };
    }
}
