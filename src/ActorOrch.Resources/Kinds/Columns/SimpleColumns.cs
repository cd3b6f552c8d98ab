using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Columns;

/// <summary>The columns of kinds that show a field or two.</summary>
internal static class SimpleColumns
{
    public static readonly IReadOnlyList<TableColumn> Namespaces =
        [ColumnSet.Name, ColumnSet.Of<V1Namespace>("Status", n => n.Status?.Phase ?? ""), ColumnSet.Age];

    public static readonly IReadOnlyList<TableColumn> ConfigMaps =
        [ColumnSet.Name, ColumnSet.Of<V1ConfigMap>("Data", c => (long)(c.Data?.Count ?? 0) + (c.BinaryData?.Count ?? 0)), ColumnSet.Age];

    public static readonly IReadOnlyList<TableColumn> Secrets =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1Secret>("Type", s => s.Type),
        ColumnSet.Of<V1Secret>("Data", s => (long)(s.Data?.Count ?? 0)),
        ColumnSet.Age,
    ];

    public static readonly IReadOnlyList<TableColumn> ServiceAccounts =
        [ColumnSet.Name, ColumnSet.Of<V1ServiceAccount>("Secrets", s => (long)(s.Secrets?.Count ?? 0)), ColumnSet.Age];

    public static readonly IReadOnlyList<TableColumn> Leases =
        [ColumnSet.Name, ColumnSet.Of<V1Lease>("Holder", l => l.Spec?.HolderIdentity ?? ""), ColumnSet.Age];
}
