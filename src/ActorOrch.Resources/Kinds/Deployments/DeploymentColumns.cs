using System.Globalization;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Deployments;

/// <summary>The columns of <c>kubectl get deployments</c>.</summary>
internal static class DeploymentColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1Deployment>("Ready", d => string.Create(CultureInfo.InvariantCulture, $"{d.Status?.ReadyReplicas ?? 0}/{d.Spec.Replicas ?? 1}")),
        ColumnSet.Of<V1Deployment>("Up-to-date", d => (long)(d.Status?.UpdatedReplicas ?? 0)),
        ColumnSet.Of<V1Deployment>("Available", d => (long)(d.Status?.AvailableReplicas ?? 0)),
        ColumnSet.Age,
        ColumnSet.Wide<V1Deployment>("Containers", d => ColumnSet.Containers(d.Spec.Template.Spec.Containers)),
        ColumnSet.Wide<V1Deployment>("Images", d => ColumnSet.Images(d.Spec.Template.Spec.Containers)),
        ColumnSet.Wide<V1Deployment>("Selector", d => ColumnSet.Selector(d.Spec.Selector)),
    ];
}
