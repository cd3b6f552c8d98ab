using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.IngressClasses;

/// <summary>The columns of <c>kubectl get ingressclasses</c>.</summary>
internal static class IngressClassColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1IngressClass>("Controller", c => c.Spec?.Controller),
        ColumnSet.Of<V1IngressClass>("Parameters", c => Parameters(c.Spec?.Parameters)),
        ColumnSet.Age,
    ];

    private static string Parameters(V1IngressClassParametersReference? parameters)
    {
        if (parameters is null) return ColumnSet.None;
        return string.IsNullOrEmpty(parameters.ApiGroup) ? $"{parameters.Kind}/{parameters.Name}" : $"{parameters.Kind}.{parameters.ApiGroup}/{parameters.Name}";
    }
}
