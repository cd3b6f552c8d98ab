using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Routing;

/// <summary>Finds the served type of a group, a version and a plural. Follows the registry when kinds are added.</summary>
/// <param name="unstored">What is served besides the registry's kinds.</param>
internal sealed class RouteTable(IRegistry registry, IReadOnlyList<ResourceType> unstored)
{
    private sealed record State(
        IReadOnlyList<ResourceType> Stored, int Count, IReadOnlyList<ResourceType> Types, Dictionary<(string Group, string Version, string Plural), ResourceType> ByName);

    private State _state = Build(registry.Types, unstored);

    /// <summary>Changes, as an instance, whenever the set of served kinds does.</summary>
    public object Generation => Current().ByName;

    public IReadOnlyList<ResourceType> Types => Current().Types;

    public ResourceType? Find(string group, string version, string plural) =>
        Current().ByName.GetValueOrDefault((group, version, plural));

    private State Current()
    {
        var state = _state;
        var stored = registry.Types;
        if (ReferenceEquals(state.Stored, stored) && state.Count == stored.Count) return state;
        return _state = Build(stored, unstored);
    }

    private static State Build(IReadOnlyList<ResourceType> stored, IReadOnlyList<ResourceType> unstored)
    {
        ResourceType[] types = [.. stored.SelectMany(t => t.Versions), .. unstored];
        return new(stored, stored.Count, types, types.ToDictionary(t => (t.Group, t.Version, t.Plural)));
    }
}
