using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Routing;

/// <summary>Finds the served type of a group, a version and a plural. Follows the catalogue.</summary>
/// <param name="unstored">What is served besides the registry's kinds.</param>
internal sealed class RouteTable(IRegistry registry, IReadOnlyList<ResourceType> unstored)
{
    private volatile State _state = new(registry.Catalogue.Current, unstored);

    /// <summary>Changes, as an instance, whenever the set of served kinds does.</summary>
    public object Generation => Current().Types;

    public IReadOnlyList<ResourceType> Types => Current().Types;

    public ResourceType? Find(string group, string version, string plural) => Current().Find(group, version, plural);

    private State Current()
    {
        var state = _state;
        var resources = registry.Catalogue.Current;
        return ReferenceEquals(state.Resources, resources) ? state : _state = new(resources, unstored);
    }

    private sealed class State
    {
        private readonly Dictionary<(string Group, string Version, string Plural), ResourceType> _byName = [];

        public State(ApiResources resources, IReadOnlyList<ResourceType> unstored)
        {
            Resources = resources;
            Types = [.. resources.Stored.Where(t => !t.IsInternal).SelectMany(t => t.Versions).Where(v => v.IsServed), .. unstored];
            // Whatever was there first has the path.
            foreach (var type in Types) _byName.TryAdd((type.Group, type.Version, type.Plural), type);
        }

        public ApiResources Resources { get; }

        public IReadOnlyList<ResourceType> Types { get; }

        public ResourceType? Find(string group, string version, string plural) => _byName.GetValueOrDefault((group, version, plural));
    }
}
