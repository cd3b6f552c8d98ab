using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Nodes;

/// <summary>The columns of <c>kubectl get nodes</c>.</summary>
internal static class NodeColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";
    private const string RoleLabel = "kubernetes.io/role";

    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1Node>("Status", Status),
        new("Roles", "string", (obj, _) => Roles(obj.Meta.Labels)),
        ColumnSet.Age,
        ColumnSet.Of<V1Node>("Version", n => n.Status?.NodeInfo?.KubeletVersion ?? ""),
        ColumnSet.Wide<V1Node>("Internal-IP", n => Address(n, "InternalIP")),
        ColumnSet.Wide<V1Node>("External-IP", n => Address(n, "ExternalIP")),
        ColumnSet.Wide<V1Node>("OS-Image", n => OrUnknown(n.Status?.NodeInfo?.OsImage)),
        ColumnSet.Wide<V1Node>("Kernel-Version", n => OrUnknown(n.Status?.NodeInfo?.KernelVersion)),
        ColumnSet.Wide<V1Node>("Container-Runtime", n => OrUnknown(n.Status?.NodeInfo?.ContainerRuntimeVersion)),
    ];

    private static string Status(V1Node node)
    {
        var ready = node.Status?.Conditions?.LastOrDefault(c => c.Type == "Ready");
        var text = ready is null ? "Unknown" : ready.Status == "True" ? "Ready" : "NotReady";
        return node.Spec?.Unschedulable == true ? text + ",SchedulingDisabled" : text;
    }

    private static string Roles(IReadOnlyDictionary<string, string> labels)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels)
        {
            if (key.StartsWith(RolePrefix, StringComparison.Ordinal))
            {
                if (key.Length > RolePrefix.Length) roles.Add(key[RolePrefix.Length..]);
            }
            else if (key == RoleLabel && value.Length > 0) roles.Add(value);
        }
        return roles.Count == 0 ? ColumnSet.None : string.Join(',', roles);
    }

    private static string Address(V1Node node, string type) =>
        node.Status?.Addresses?.FirstOrDefault(a => a.Type == type)?.Address ?? ColumnSet.None;

    private static string OrUnknown(string? text) => string.IsNullOrEmpty(text) ? "<unknown>" : text;
}
