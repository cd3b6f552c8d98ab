using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>Comparisons of what slices hold. The models are shared and compared field by field.</summary>
internal static class SliceContents
{
    /// <summary>The same ports give the same text, in any order.</summary>
    public static string PortsKey(IEnumerable<Discoveryv1EndpointPort>? ports) => string.Join(';',
        (ports ?? []).Select(p => $"{p.Name}/{p.Protocol ?? "TCP"}/{p.Port}/{p.AppProtocol}").Order(StringComparer.Ordinal));

    /// <summary>What identifies an endpoint over its changes: its address and the pod behind it.</summary>
    public static (string Address, string? Uid) Identity(V1Endpoint endpoint) =>
        (endpoint.Addresses is { Count: > 0 } addresses ? addresses[0] : "", endpoint.TargetRef?.Uid);

    public static bool Same(V1Endpoint a, V1Endpoint b) =>
        Identity(a) == Identity(b)
        && a.Conditions?.Ready == b.Conditions?.Ready
        && a.Conditions?.Serving == b.Conditions?.Serving
        && a.Conditions?.Terminating == b.Conditions?.Terminating
        && a.Hostname == b.Hostname && a.NodeName == b.NodeName && a.Zone == b.Zone
        && a.TargetRef?.Name == b.TargetRef?.Name && a.TargetRef?.NamespaceProperty == b.TargetRef?.NamespaceProperty;

    public static bool Same(IDictionary<string, string>? a, IDictionary<string, string>? b)
    {
        if ((a?.Count ?? 0) != (b?.Count ?? 0)) return false;
        foreach (var (key, value) in a ?? new Dictionary<string, string>())
            if (!b!.TryGetValue(key, out var other) || other != value) return false;
        return true;
    }
}
