using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Reconciling;

/// <summary>Parent of the <see cref="WakeFeed"/>s: one for each collection that reconcilers watch, for as long as its kind is in the catalogue.</summary>
public sealed class WakeFeeds : UntypedActor
{
    private readonly IRegistry _registry;
    private readonly IReadOnlyList<ReconcilerDefinition> _definitions;
    private readonly IReadOnlyDictionary<string, IActorRef> _regions;
    private readonly Dictionary<ResourceId, IActorRef> _feeds = [];
    private IDisposable? _following;

    public WakeFeeds(IRegistry registry, IReadOnlyList<ReconcilerDefinition> definitions, IReadOnlyDictionary<string, IActorRef> regions)
    {
        _registry = registry;
        _definitions = definitions;
        _regions = regions;
    }

    /// <summary>Starts all that wakes the reconcilers of a process: a <see cref="WakeFeed"/> for each watched collection that there is or will be, and <see cref="LostWakes"/>.</summary>
    /// <param name="regions">Where each definition's wakes go, by type name.</param>
    public static void Start(
        IActorRefFactory system, ReconcilerServices services, IReadOnlyList<ReconcilerDefinition> definitions, IReadOnlyDictionary<string, IActorRef> regions)
    {
        system.ActorOf(Props(services.Registry, definitions, regions), "wakes");
        system.ActorOf(LostWakes.Props(regions.Values), "lost-wakes");
    }

    private static Props Props(IRegistry registry, IReadOnlyList<ReconcilerDefinition> definitions, IReadOnlyDictionary<string, IActorRef> regions) =>
        Akka.Actor.Props.Create(() => new WakeFeeds(registry, definitions, regions));

    protected override void PreStart()
    {
        var self = Self;
        _following = _registry.Catalogue.Follow(change => self.Tell(new Catalogued(change)));
    }

    protected override void PostStop() => _following?.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Catalogued catalogued:
                foreach (var type in catalogued.Change.Removed) End(type);
                // What watches a kind may follow from what it is.
                foreach (var type in catalogued.Change.Changed) End(type);
                foreach (var type in (IEnumerable<ResourceType>)[.. catalogued.Change.Changed, .. catalogued.Change.Added]) Begin(type);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Begin(ResourceType type)
    {
        var targets = new List<WakeTarget>();
        foreach (var definition in _definitions)
        {
            var watches = definition.WatchesOf(type).ToArray();
            if (watches.Length == 0) continue;
            var primary = definition.Primary;
            var every = watches.Any(w => w.All is null) ? () => _registry[primary].Latest.Objects.Keys : (Func<IEnumerable<ObjectKey>>)(() => watches.SelectMany(w => w.All!()));
            targets.Add(new(primary, _regions[definition.TypeName], [.. watches.Select(w => w.Keys)], definition.WakesAll) { All = every });
        }
        if (targets.Count > 0) _feeds[type.Id] = Context.ActorOf(WakeFeed.Props(_registry[type], _registry, targets), NameOf(type));
    }

    private void End(ResourceType type)
    {
        if (_feeds.Remove(type.Id, out var feed)) Context.Stop(feed);
    }

    // The last one of the kind may not have ended yet.
    private static string NameOf(ResourceType type) =>
        Context.Child(type.Id.GroupResource).IsNobody() ? type.Id.GroupResource : $"{type.Id.GroupResource}-{Guid.NewGuid():N}";

    private sealed record Catalogued(CatalogueChange Change) : INoSerializationVerificationNeeded;
}
