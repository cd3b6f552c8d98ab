using System.Globalization;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Endpoints;

/// <summary>The columns of <c>kubectl get endpoints</c>.</summary>
internal static class EndpointsColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1Endpoints>("Endpoints", e => ShortList.Print(Points(e), Count(e), ColumnSet.None)),
        ColumnSet.Age,
    ];

    // Each address with each port: of a large object more than anyone would enumerate.
    private static long Count(V1Endpoints endpoints) =>
        (endpoints.Subsets ?? []).Sum(s => (s.Addresses?.Count ?? 0L) * (s.Ports is { Count: > 0 } ports ? ports.Count : 1L));

    private static IEnumerable<string> Points(V1Endpoints endpoints)
    {
        foreach (var subset in endpoints.Subsets ?? [])
        {
            var addresses = subset.Addresses ?? [];
            if (subset.Ports is not { Count: > 0 } ports)
            {
                foreach (var address in addresses) yield return address.Ip;
                continue;
            }
            foreach (var port in ports)
                foreach (var address in addresses)
                    yield return string.Create(CultureInfo.InvariantCulture, $"{(address.Ip.Contains(':') ? $"[{address.Ip}]" : address.Ip)}:{port.Port}");
        }
    }
}
