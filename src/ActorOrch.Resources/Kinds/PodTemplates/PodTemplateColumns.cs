using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.PodTemplates;

/// <summary>The columns of <c>kubectl get podtemplates</c>.</summary>
internal static class PodTemplateColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1PodTemplate>("Containers", t => ColumnSet.Containers(t.Template?.Spec?.Containers)),
        ColumnSet.Of<V1PodTemplate>("Images", t => ColumnSet.Images(t.Template?.Spec?.Containers)),
        ColumnSet.Of<V1PodTemplate>("Pod Labels", t => ColumnSet.Labels(t.Template?.Metadata?.Labels)),
    ];
}
