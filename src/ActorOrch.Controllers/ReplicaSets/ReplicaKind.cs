using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Selectors;
using k8s.Models;

namespace ActorOrch.Controllers.ReplicaSets;

/// <summary>What a kind that keeps a number of pods asks for.</summary>
/// <param name="TemplateLabels">The labels of its pods as the template has them now.</param>
public sealed record ReplicaSpec(int Replicas, int MinReadySeconds, LabelSelector Selector, IDictionary<string, string> TemplateLabels);

/// <summary>
/// The two kinds that keep a number of pods, and what differs between them: upstream too runs ReplicationControllers by the code of ReplicaSets.
/// </summary>
/// <param name="TypeName">Of the region; it can never change once objects exist.</param>
/// <param name="Component">The source of its events.</param>
public sealed record ReplicaKind(
    string TypeName, ResourceType Type, string Component, Func<StoredObject, ReplicaSpec> SpecOf, Func<StoredObject, ReplicaSetStatus> StatusOf)
{
    public static readonly ReplicaKind ReplicaSet = new(
        "replicaset", BuiltIn.ReplicaSets, "replicaset-controller",
        obj =>
        {
            var spec = obj.As<V1ReplicaSet>().Spec;
            return Spec(spec.Replicas, spec.MinReadySeconds, LabelSelector.From(spec.Selector), spec.Template);
        },
        obj => ReplicaSetStatus.Of(obj.As<V1ReplicaSet>().Status));

    public static readonly ReplicaKind ReplicationController = new(
        "replicationcontroller", BuiltIn.ReplicationControllers, "replication-controller",
        obj =>
        {
            var spec = obj.As<V1ReplicationController>().Spec;
            return Spec(spec.Replicas, spec.MinReadySeconds, LabelSelector.FromMap(spec.Selector), spec.Template);
        },
        obj => ReplicaSetStatus.Of(obj.As<V1ReplicationController>().Status));

    /// <summary>That of an object of either kind.</summary>
    public static ReplicaKind Of(StoredObject obj) => obj.Resource == BuiltIn.ReplicationControllers.Id ? ReplicationController : ReplicaSet;

    private static ReplicaSpec Spec(int? replicas, int? minReadySeconds, LabelSelector selector, V1PodTemplateSpec? template) =>
        new(replicas ?? 1, minReadySeconds ?? 0, selector, template?.Metadata?.Labels ?? new Dictionary<string, string>());
}
