using System.Text.Json.Nodes;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>The Endpoints object (core/v1) of a service: the older form of what its slices say, in the service's first family.</summary>
public static class LegacyEndpoints
{
    public const string OverCapacity = "endpoints.kubernetes.io/over-capacity";

    /// <summary>Stands on each Endpoints object that is kept for a Service with a selector, as upstream's controller marks them.</summary>
    public const string ManagedByLabel = "endpoints.kubernetes.io/managed-by";
    public const string ManagedBy = "endpoint-controller";

    /// <summary>Upstream stops there and says so in an annotation.</summary>
    public const int MostAddresses = 1000;

    /// <summary>The object as it should be, without what the API fills in.</summary>
    public static JsonObject Build(V1Service service, IReadOnlyList<V1Pod> pods)
    {
        var family = service.Spec.IpFamilies is { Count: > 0 } families ? families[0] : "IPv4";
        var publish = PodEndpoint.PublishesNotReady(service);
        var subsets = new SortedDictionary<string, V1EndpointSubset>(StringComparer.Ordinal);
        var count = 0;
        var over = false;
        foreach (var pod in pods.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal))
        {
            if (!PodEndpoint.IsEndpoint(pod) || PodEndpoint.AddressOf(pod, family) is not { } ip) continue;
            // The older form has no word for terminating pods, so they are left out.
            if (pod.Metadata.DeletionTimestamp is not null && !publish) continue;
            var ports = Ports(pod, service);
            if (ports.Count == 0 && service.Spec.Ports is { Count: > 0 }) continue;
            if (++count > MostAddresses)
            {
                over = true;
                break;
            }
            var key = string.Join(';', ports.Select(p => $"{p.Name}/{p.Protocol}/{p.Port}"));
            if (!subsets.TryGetValue(key, out var subset)) subsets[key] = subset = new() { Ports = ports.Count == 0 ? null : ports };
            var address = new V1EndpointAddress
            {
                Ip = ip,
                Hostname = PodEndpoint.HostnameFor(pod, service),
                NodeName = string.IsNullOrEmpty(pod.Spec.NodeName) ? null : pod.Spec.NodeName,
                TargetRef = PodEndpoint.Reference(pod),
            };
            if (publish || PodEndpoint.IsReady(pod)) (subset.Addresses ??= []).Add(address);
            else (subset.NotReadyAddresses ??= []).Add(address);
        }
        return Object(service, [.. subsets.Values], over);
    }

    private static List<Corev1EndpointPort> Ports(V1Pod pod, V1Service service)
    {
        var ports = new List<Corev1EndpointPort>();
        foreach (var port in service.Spec.Ports ?? [])
            if (PodEndpoint.TargetPort(pod, port) is { } number)
                ports.Add(new() { Name = string.IsNullOrEmpty(port.Name) ? null : port.Name, Port = number, Protocol = port.Protocol ?? "TCP", AppProtocol = port.AppProtocol });
        return ports;
    }

    private static JsonObject Object(V1Service service, IList<V1EndpointSubset> subsets, bool over)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>());
        labels.Remove(EndpointSliceDecision.HeadlessLabel);
        labels[ManagedByLabel] = ManagedBy;
        if (service.Spec.ClusterIP == "None") labels[EndpointSliceDecision.HeadlessLabel] = "";
        var metadata = new V1ObjectMeta
        {
            Name = service.Metadata.Name,
            NamespaceProperty = service.Metadata.NamespaceProperty,
            Labels = labels,
            Annotations = over ? new Dictionary<string, string> { [OverCapacity] = "truncated" } : null,
        };
        return Model.ToJson(new V1Endpoints { ApiVersion = "v1", Kind = "Endpoints", Metadata = metadata, Subsets = subsets.Count == 0 ? null : subsets });
    }

    /// <summary>Brings a stored object to what <see cref="Build"/> says. False where nothing differs.</summary>
    public static bool Bring(JsonObject stored, JsonObject wanted)
    {
        var metadata = stored["metadata"]!.AsObject();
        var changed = Set(stored, "subsets", wanted["subsets"]);
        changed |= Set(metadata, "labels", wanted["metadata"]!["labels"]);
        var over = wanted["metadata"]!["annotations"]?[OverCapacity];
        if (over is not null || metadata["annotations"]?[OverCapacity] is not null)
        {
            if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = [];
            changed |= Set(annotations, OverCapacity, over);
        }
        return changed;
    }

    private static bool Set(JsonObject obj, string name, JsonNode? value)
    {
        if (JsonNode.DeepEquals(obj[name], value)) return false;
        if (value is null) obj.Remove(name);
        else obj[name] = value.DeepClone();
        return true;
    }
}
