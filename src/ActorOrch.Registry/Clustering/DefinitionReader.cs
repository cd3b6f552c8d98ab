using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.CustomKinds;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Clustering;

/// <summary>Makes kinds of definitions; of one that has not changed the same instance again.</summary>
/// <param name="builtIn">Kinds that no definition takes the place of.</param>
internal sealed class DefinitionReader(IReadOnlyList<ResourceType> builtIn)
{
    private readonly HashSet<ResourceId> _builtIn = [.. builtIn.Select(t => t.Id)];
    private Dictionary<ObjectKey, Known> _known = [];

    /// <param name="Kind">Null where it defines none.</param>
    private sealed record Known(string Uid, long Generation, bool IsGoing, ResourceType? Kind);

    /// <param name="report">Told once of each definition that defines nothing.</param>
    public IReadOnlyList<ResourceType> Read(IEnumerable<StoredObject> definitions, Action<string> report)
    {
        var known = new Dictionary<ObjectKey, Known>();
        foreach (var definition in definitions)
        {
            var meta = definition.Meta;
            var isGoing = meta.DeletionTimestamp is not null;
            known[definition.Key] = _known.TryGetValue(definition.Key, out var before) && (before.Uid, before.Generation, before.IsGoing) == (meta.Uid, meta.Generation, isGoing)
                ? before
                : new(meta.Uid, meta.Generation, isGoing, Read(definition, report));
        }
        _known = known;
        return [.. known.Values.Select(k => k.Kind).OfType<ResourceType>()];
    }

    private ResourceType? Read(StoredObject definition, Action<string> report)
    {
        try
        {
            var kind = CustomKind.Read(definition.ToJson());
            if (!_builtIn.Contains(kind.Id)) return kind;
            report($"{definition}: {kind.Id.GroupResource} is built in");
        }
        catch (FormatException wrong)
        {
            report($"{definition}: {wrong.Message}");
        }
        return null;
    }
}
