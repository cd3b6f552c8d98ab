using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Networking.Services;

/// <summary>Which services select which pods. Selectors are read once a version of a service.</summary>
public static class ServiceSelectors
{
    private static readonly KeyValuePair<string, string>[] NoSelector = [];
    private static readonly ConditionalWeakTable<StoredObject, KeyValuePair<string, string>[]> Read = [];

    /// <summary><c>spec.selector</c>; empty where the service has none and so selects nothing.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(StoredObject service) => Read.GetValue(service, Parse);

    public static bool Matches(StoredObject service, IReadOnlyDictionary<string, string> labels)
    {
        var selector = Read.GetValue(service, Parse);
        foreach (var (key, value) in selector)
            if (!labels.TryGetValue(key, out var present) || present != value) return false;
        return selector.Length > 0;
    }

    /// <summary>The services of a namespace that select any of the label sets.</summary>
    public static IEnumerable<ObjectKey> Selecting(ICollection services, string @namespace, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string>? before)
    {
        foreach (var service in services.Lookup(Indexes.Namespace, @namespace))
            if (Matches(service, labels) || (before is not null && Matches(service, before))) yield return service.Key;
    }

    private static KeyValuePair<string, string>[] Parse(StoredObject service)
    {
        using var document = JsonDocument.Parse(service.Json);
        return document.RootElement.TryGetProperty("spec", out var spec)
            && spec.TryGetProperty("selector", out var selector) && selector.ValueKind == JsonValueKind.Object
                ? [.. selector.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString() ?? ""))]
                : NoSelector;
    }
}
