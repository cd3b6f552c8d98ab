using System.Globalization;
using ActorOrch.Controllers.ReplicaSets;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Controllers.Deployments;

/// <summary>What the rollout logic needs of one of a Deployment's ReplicaSets.</summary>
public sealed record ReplicaSetView
{
    public required string Name { get; init; }
    public DateTimeOffset Created { get; init; }

    /// <summary>Its pod template is the Deployment's, the hash label apart.</summary>
    public bool IsCurrent { get; init; }

    public bool Deleting { get; init; }

    /// <summary><c>spec.replicas</c>.</summary>
    public int Replicas { get; init; }

    public int MinReadySeconds { get; init; }
    public int ActualReplicas { get; init; }
    public int ReadyReplicas { get; init; }
    public int AvailableReplicas { get; init; }

    /// <summary>The set's own controller has acted on the spec as it is now.</summary>
    public bool Observed { get; init; } = true;

    public ReplicaFailure? Failure { get; init; }
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public bool Active => Replicas > 0;

    /// <summary>Its pods can be counted on: none are about to be created or deleted.</summary>
    public bool Settled => Observed && ActualReplicas <= Replicas;

    /// <summary>Available pods that will still be there when the set has acted on its spec.</summary>
    public int LastingAvailable => Math.Min(AvailableReplicas, Replicas);

    public long Revision => RolloutAnnotations.Number(Annotations, RolloutAnnotations.Revision) ?? 0;

    public static ReplicaSetView Of(StoredObject obj, bool isCurrent)
    {
        var set = obj.As<V1ReplicaSet>();
        var status = ReplicaSetStatus.Of(set.Status);
        return new()
        {
            Name = obj.Key.Name,
            Created = obj.Meta.CreationTimestamp,
            IsCurrent = isCurrent,
            Deleting = obj.Meta.DeletionTimestamp is not null,
            Replicas = set.Spec.Replicas ?? 1,
            MinReadySeconds = set.Spec.MinReadySeconds ?? 0,
            ActualReplicas = status.Replicas,
            ReadyReplicas = status.ReadyReplicas,
            AvailableReplicas = status.AvailableReplicas,
            Observed = status.ObservedGeneration >= obj.Meta.Generation,
            Failure = status.Failure,
            Annotations = obj.Meta.Annotations,
        };
    }
}

/// <summary>The annotations by which a Deployment keeps its history and its sizes on its ReplicaSets.</summary>
public static class RolloutAnnotations
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string RevisionHistory = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    /// <summary>A set's history of revisions is cut to this many characters.</summary>
    private const int MostHistory = 2000;

    private static readonly HashSet<string> NotCopied =
    [
        Revision, RevisionHistory, DesiredReplicas, MaxReplicas,
        "kubectl.kubernetes.io/last-applied-configuration", "deprecated.deployment.rollback.to",
    ];

    public static long? Number(IReadOnlyDictionary<string, string> annotations, string name) =>
        annotations.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The annotations of the current set: the Deployment's own (change-cause among them), and a revision above every other set's.</summary>
    public static Dictionary<string, string> ForCurrent(DeploymentView deployment, IReadOnlyDictionary<string, string> existing, long newRevision)
    {
        var annotations = new Dictionary<string, string>(existing);
        foreach (var (name, value) in deployment.Annotations)
            if (!NotCopied.Contains(name)) annotations[name] = value;
        var oldRevision = Number(existing, Revision);
        if ((oldRevision ?? 0) >= newRevision) return annotations;
        annotations[Revision] = newRevision.ToString(CultureInfo.InvariantCulture);
        if (oldRevision is { } old) annotations[RevisionHistory] = Append(existing.GetValueOrDefault(RevisionHistory), old);
        return annotations;
    }

    /// <summary>Notes on a set the size that the Deployment had when the set was last scaled.</summary>
    public static void SetSizes(Dictionary<string, string> annotations, DeploymentView deployment)
    {
        annotations[DesiredReplicas] = deployment.Replicas.ToString(CultureInfo.InvariantCulture);
        annotations[MaxReplicas] = deployment.MostPods.ToString(CultureInfo.InvariantCulture);
    }

    private static string Append(string? history, long revision)
    {
        var text = string.IsNullOrEmpty(history) ? $"{revision}" : $"{history},{revision}";
        while (text.Length > MostHistory && text.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma) text = text[(comma + 1)..];
        return text;
    }
}
