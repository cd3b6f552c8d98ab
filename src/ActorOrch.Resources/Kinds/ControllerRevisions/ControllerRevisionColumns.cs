using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.ControllerRevisions;

/// <summary>The columns of <c>kubectl get controllerrevisions</c>.</summary>
internal static class ControllerRevisionColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        new("Controller", "string", (obj, _) => Controller(obj.Meta.ControllerOwner)),
        ColumnSet.Of<V1ControllerRevision>("Revision", r => r.Revision),
        ColumnSet.Age,
    ];

    private static string Controller(OwnerReference? owner)
    {
        if (owner is null) return ColumnSet.None;
        var slash = owner.ApiVersion.IndexOf('/', StringComparison.Ordinal);
        var group = slash < 0 ? "" : "." + owner.ApiVersion[..slash];
        return $"{owner.Kind.ToLowerInvariant()}{group}/{owner.Name}";
    }
}
