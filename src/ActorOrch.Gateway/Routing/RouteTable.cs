using ActorOrch.Registry;
using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>Finds the served type of a group, a version and a plural. Follows the registry when kinds are added.</summary>
internal sealed class RouteTable(IRegistry registry)
{
    private sealed record State(
        IReadOnlyList<ResourceType> Types, int Count, Dictionary<(string Group, string Version, string Plural), ResourceType> ByName);

    private State _state = Build(registry.Types);

    /// <summary>Changes, as an instance, whenever the set of served kinds does.</summary>
    public object Generation => Current().ByName;

    public IReadOnlyList<ResourceType> Types => Current().Types;

    public ResourceType? Find(string group, string version, string plural) =>
        Current().ByName.GetValueOrDefault((group, version, plural));

    private State Current()
    {
        var state = _state;
        var types = registry.Types;
        if (ReferenceEquals(state.Types, types) && state.Count == types.Count) return state;
        return _state = Build(types);
    }

    private static State Build(IReadOnlyList<ResourceType> types) =>
        new(types, types.Count, types.ToDictionary(t => (t.Group, t.Version, t.Plural)));
}
