using System.Globalization;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Services;

/// <summary>The columns of <c>kubectl get services</c>.</summary>
internal static class ServiceColumns
{
    private const int LoadBalancerWidth = 16;

    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1Service>("Type", s => s.Spec.Type),
        ColumnSet.Of<V1Service>("Cluster-IP", s => s.Spec.ClusterIPs is { Count: > 0 } ips ? ips[0] : ColumnSet.None),
        ColumnSet.Of<V1Service>("External-IP", ExternalIP),
        ColumnSet.Of<V1Service>("Port(s)", s => s.Spec.Ports is { Count: > 0 } ports ? string.Join(',', ports.Select(Port)) : ColumnSet.None),
        ColumnSet.Age,
        ColumnSet.Wide<V1Service>("Selector", s => ColumnSet.Labels(s.Spec.Selector)),
    ];

    private static string ExternalIP(V1Service service)
    {
        var external = service.Spec.ExternalIPs ?? [];
        switch (service.Spec.Type)
        {
            case "ExternalName":
                return service.Spec.ExternalName;
            case "LoadBalancer":
                var balancer = LoadBalancer(service.Status?.LoadBalancer);
                if (balancer.Length > 0) return external.Count > 0 ? $"{balancer},{string.Join(',', external)}" : balancer;
                return external.Count > 0 ? string.Join(',', external) : "<pending>";
            default:
                return external.Count > 0 ? string.Join(',', external) : ColumnSet.None;
        }
    }

    private static string LoadBalancer(V1LoadBalancerStatus? status)
    {
        var points = (status?.Ingress ?? []).Select(i => string.IsNullOrEmpty(i.Ip) ? i.Hostname : i.Ip).Where(p => !string.IsNullOrEmpty(p)).Distinct();
        var text = string.Join(',', points.Order(StringComparer.Ordinal));
        return text.Length <= LoadBalancerWidth ? text : text[..(LoadBalancerWidth - 3)] + "...";
    }

    private static string Port(V1ServicePort port) => port.NodePort is { } node and > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{port.Port}:{node}/{port.Protocol}")
        : string.Create(CultureInfo.InvariantCulture, $"{port.Port}/{port.Protocol}");
}
