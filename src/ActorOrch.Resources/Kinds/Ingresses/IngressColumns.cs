using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Columns;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Ingresses;

/// <summary>The columns of <c>kubectl get ingresses</c>.</summary>
internal static class IngressColumns
{
    private const int MostHosts = 3;

    public static readonly IReadOnlyList<TableColumn> All =
    [
        ColumnSet.Name,
        ColumnSet.Of<V1Ingress>("Class", i => i.Spec?.IngressClassName ?? ColumnSet.None),
        ColumnSet.Of<V1Ingress>("Hosts", i => Hosts(i.Spec?.Rules)),
        ColumnSet.Of<V1Ingress>("Address", i => Address(i.Status?.LoadBalancer)),
        ColumnSet.Of<V1Ingress>("Ports", i => i.Spec?.Tls is { Count: > 0 } ? "80, 443" : "80"),
        ColumnSet.Age,
    ];

    private static string Hosts(IList<V1IngressRule>? rules)
    {
        var hosts = (rules ?? []).Select(r => r.Host).Where(h => !string.IsNullOrEmpty(h)).ToArray();
        if (hosts.Length == 0) return "*";
        var text = string.Join(',', hosts.Take(MostHosts));
        return hosts.Length > MostHosts ? $"{text} + {hosts.Length - MostHosts} more..." : text;
    }

    private static string Address(V1IngressLoadBalancerStatus? status) =>
        string.Join(',', (status?.Ingress ?? []).Select(p => string.IsNullOrEmpty(p.Ip) ? p.Hostname : p.Ip).Where(p => !string.IsNullOrEmpty(p)).Distinct().Order(StringComparer.Ordinal));
}
