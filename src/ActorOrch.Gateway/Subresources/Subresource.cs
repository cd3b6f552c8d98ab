using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Subresources;

/// <summary>A subresource that the gateway serves: its verbs, and the kind it speaks where that is not its resource's own.</summary>
/// <param name="Group">Of <paramref name="Kind"/>, where it is not the resource's own.</param>
internal sealed record Subresource(string Name, IReadOnlyList<string> Verbs, string? Kind = null, string? Group = null, string? Version = null)
{
    /// <summary>The one that takes any method and any path below it.</summary>
    public const string Proxy = "proxy";

    private static readonly Dictionary<string, Subresource> All = new Subresource[]
    {
        new("status", ["get", "patch", "update"]),
        new("scale", ["get", "patch", "update"], "Scale", "autoscaling", "v1"),
        new("log", ["get"]),
        new("exec", ["create", "get"], "PodExecOptions"),
        new("attach", ["create", "get"], "PodAttachOptions"),
        new("portforward", ["create", "get"], "PodPortForwardOptions"),
        new("binding", ["create"], "Binding"),
        new("eviction", ["create"], "Eviction", "policy", "v1"),
        new("finalize", ["update"]),
        new(Proxy, ["create", "delete", "get", "patch", "update"]),
    }.ToDictionary(s => s.Name);

    /// <summary>Null where the type does not have it or the gateway does not know it.</summary>
    public static Subresource? Find(ResourceType type, string name) =>
        type.Subresources.Contains(name) ? OfType(type, name) : null;

    /// <summary>Those of a type, by name.</summary>
    public static IEnumerable<Subresource> Of(ResourceType type) =>
        type.Subresources.Order(StringComparer.Ordinal).Select(n => OfType(type, n)).OfType<Subresource>();

    private static Subresource? OfType(ResourceType type, string name)
    {
        var found = All.GetValueOrDefault(name);
        // Pods and services name what a proxy request may say differently.
        return name == Proxy ? found! with { Kind = $"{type.Kind}ProxyOptions" } : found;
    }
}
