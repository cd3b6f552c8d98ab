using Akka.Actor;

namespace ActorOrch.Reconciling;

/// <summary>All that wakes the reconcilers of a process.</summary>
public static class WakeFeeds
{
    /// <summary>Starts one <see cref="WakeFeed"/> for each watched collection, and <see cref="LostWakes"/>.</summary>
    /// <param name="regions">Where each definition's wakes go, by type name.</param>
    public static void Start(
        IActorRefFactory system, ReconcilerServices services, IReadOnlyList<ReconcilerDefinition> definitions, IReadOnlyDictionary<string, IActorRef> regions)
    {
        var registry = services.Registry;
        foreach (var type in definitions.SelectMany(d => d.Watches).Select(w => w.Type).Distinct())
        {
            var targets = new List<WakeTarget>();
            foreach (var definition in definitions)
            {
                var keys = definition.Watches.Where(w => w.Type == type).Select(w => w.Keys).ToArray();
                if (keys.Length > 0) targets.Add(new(definition.Primary, regions[definition.TypeName], keys, definition.WakesAll));
            }
            system.ActorOf(WakeFeed.Props(registry[type], registry, targets), "wakes-" + type.GroupResource);
        }
        system.ActorOf(LostWakes.Props(regions.Values), "lost-wakes");
    }
}
