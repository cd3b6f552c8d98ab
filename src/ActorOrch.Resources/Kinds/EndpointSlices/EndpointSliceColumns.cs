using System.Globalization;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.EndpointSlices;

/// <summary>The columns of <c>kubectl get endpointslices</c>.</summary>
internal static class EndpointSliceColumns
{
    private const string Unset = "<unset>";

    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1EndpointSlice>("AddressType", s => s.AddressType),
        ColumnSet.Of<V1EndpointSlice>("Ports", s => ShortList.Print((s.Ports ?? []).Select(Port), Unset)),
        ColumnSet.Of<V1EndpointSlice>("Endpoints", s => ShortList.Print((s.Endpoints ?? []).SelectMany(e => e.Addresses ?? []), Unset)),
        ColumnSet.Age,
    ];

    private static string Port(Discoveryv1EndpointPort port) => port.Port?.ToString(CultureInfo.InvariantCulture) ?? port.Name ?? "*";
}
