using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.ReplicationControllers;

/// <summary>The columns of <c>kubectl get replicationcontrollers</c>.</summary>
internal static class ReplicationControllerColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1ReplicationController>("Desired", r => (long)(r.Spec.Replicas ?? 1), "integer"),
        ColumnSet.Of<V1ReplicationController>("Current", r => (long)(r.Status?.Replicas ?? 0), "integer"),
        ColumnSet.Of<V1ReplicationController>("Ready", r => (long)(r.Status?.ReadyReplicas ?? 0), "integer"),
        ColumnSet.Age,
        ColumnSet.Wide<V1ReplicationController>("Containers", r => ColumnSet.Containers(r.Spec.Template?.Spec?.Containers)),
        ColumnSet.Wide<V1ReplicationController>("Images", r => ColumnSet.Images(r.Spec.Template?.Spec?.Containers)),
        ColumnSet.Wide<V1ReplicationController>("Selector", r => ColumnSet.Labels(r.Spec.Selector)),
    ];
}
