using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>The variables that name the services of the pod's namespace, and always those of <c>default/kubernetes</c>.</summary>
internal static class ServiceEnvironment
{
    private static readonly ObjectKey ApiServer = new("default", "kubernetes");

    public static IEnumerable<KeyValuePair<string, string>> Variables(IRegistry registry, V1Pod pod)
    {
        var services = registry[BuiltIn.Services].Latest;
        if (services.Get(ApiServer) is { } api)
            foreach (var variable in Of(api.As<V1Service>())) yield return variable;
        if (pod.Spec.EnableServiceLinks == false) yield break;
        foreach (var service in services.List(pod.Metadata.NamespaceProperty))
        {
            if (service.Key == ApiServer) continue;
            foreach (var variable in Of(service.As<V1Service>())) yield return variable;
        }
    }

    internal static IEnumerable<KeyValuePair<string, string>> Of(V1Service service)
    {
        var address = service.Spec?.ClusterIP;
        if (address is null or "" or "None" || service.Spec!.Ports is not { Count: > 0 } ports) yield break;
        var prefix = service.Metadata.Name.ToUpperInvariant().Replace('-', '_');
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        yield return new($"{prefix}_SERVICE_HOST", address);
        yield return new($"{prefix}_SERVICE_PORT", $"{ports[0].Port}");
        foreach (var port in ports)
            if (port.Name is { Length: > 0 } name)
                yield return new($"{prefix}_SERVICE_PORT_{name.ToUpperInvariant().Replace('-', '_')}", $"{port.Port}");
        for (var i = 0; i < ports.Count; i++)
        {
            var protocol = (ports[i].Protocol ?? "TCP").ToUpperInvariant();
            var url = $"{protocol.ToLowerInvariant()}://{host}:{ports[i].Port}";
            if (i == 0) yield return new($"{prefix}_PORT", url);
            var port = $"{prefix}_PORT_{ports[i].Port}_{protocol}";
            yield return new(port, url);
            yield return new($"{port}_PROTO", protocol.ToLowerInvariant());
            yield return new($"{port}_PORT", $"{ports[i].Port}");
            yield return new($"{port}_ADDR", address);
        }
    }
}
