using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.ReplicaSets;

/// <summary>The columns of <c>kubectl get replicasets</c>.</summary>
internal static class ReplicaSetColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1ReplicaSet>("Desired", r => (long)(r.Spec.Replicas ?? 1), "integer"),
        ColumnSet.Of<V1ReplicaSet>("Current", r => (long)(r.Status?.Replicas ?? 0), "integer"),
        ColumnSet.Of<V1ReplicaSet>("Ready", r => (long)(r.Status?.ReadyReplicas ?? 0), "integer"),
        ColumnSet.Age,
        ColumnSet.Wide<V1ReplicaSet>("Containers", r => ColumnSet.Containers(r.Spec.Template?.Spec?.Containers)),
        ColumnSet.Wide<V1ReplicaSet>("Images", r => ColumnSet.Images(r.Spec.Template?.Spec?.Containers)),
        ColumnSet.Wide<V1ReplicaSet>("Selector", r => ColumnSet.Selector(r.Spec.Selector)),
    ];
}
