using System.Text;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>The downward API: <c>fieldRef</c> and <c>resourceFieldRef</c>.</summary>
internal static class FieldPaths
{
    public static string Field(PodContext context, string path)
    {
        var pod = context.Pod;
        if (Subscript(path, "metadata.labels") is { } label) return Value(pod.Metadata.Labels, label);
        if (Subscript(path, "metadata.annotations") is { } annotation) return Value(pod.Metadata.Annotations, annotation);
        return path switch
        {
            "metadata.name" => pod.Metadata.Name,
            "metadata.namespace" => pod.Metadata.NamespaceProperty,
            "metadata.uid" => pod.Metadata.Uid,
            "metadata.labels" => Lines(pod.Metadata.Labels),
            "metadata.annotations" => Lines(pod.Metadata.Annotations),
            "spec.nodeName" => pod.Spec.NodeName ?? "",
            "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "",
            "status.hostIP" => context.HostAddresses.FirstOrDefault() ?? "",
            "status.hostIPs" => string.Join(',', context.HostAddresses),
            "status.podIP" => context.PodAddresses.FirstOrDefault() ?? "",
            "status.podIPs" => string.Join(',', context.PodAddresses),
            _ => throw new ContainerConfigException($"unsupported fieldPath: {path}"),
        };
    }

    public static string Resource(PodContext context, V1Container container, string resource, ResourceQuantity? divisor)
    {
        var resources = container.Resources;
        var amount = resource switch
        {
            "limits.cpu" => Limit("cpu", context.AllocatableCpu),
            "limits.memory" => Limit("memory", context.AllocatableMemory),
            "limits.ephemeral-storage" => Limit("ephemeral-storage", context.AllocatableStorage),
            "requests.cpu" => ResourceAmounts.Find(resources?.Requests, "cpu") ?? 0,
            "requests.memory" => ResourceAmounts.Find(resources?.Requests, "memory") ?? 0,
            "requests.ephemeral-storage" => ResourceAmounts.Find(resources?.Requests, "ephemeral-storage") ?? 0,
            _ => throw new ContainerConfigException($"unsupported container resource : {resource}"),
        };
        var unit = divisor?.ToDecimal() is { } given and > 0 ? given : 1;
        return Math.Ceiling(amount / unit).ToString("0", System.Globalization.CultureInfo.InvariantCulture);

        // Of nothing is of none, as upstream: then the node is the limit.
        decimal Limit(string name, decimal allocatable) => ResourceAmounts.Find(resources?.Limits, name) is { } limit and > 0 ? limit : allocatable;
    }

    /// <summary><c>metadata.labels['app']</c> to <c>app</c>.</summary>
    private static string? Subscript(string path, string field) =>
        path.StartsWith(field + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[(field.Length + 2)..^2] : null;

    private static string Value(IDictionary<string, string>? map, string key) => map is not null && map.TryGetValue(key, out var value) ? value : "";

    /// <summary><c>key="value"</c> lines in the order of keys, values quoted as in Go.</summary>
    private static string Lines(IDictionary<string, string>? map)
    {
        if (map is null) return "";
        var text = new StringBuilder();
        foreach (var (key, value) in map.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(key).Append("=\"").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }
        return text.ToString();
    }
}
