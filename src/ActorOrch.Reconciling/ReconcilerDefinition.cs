using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Reconciling;

/// <summary>A kind of reconciler: how its actors are made and what wakes them. <see cref="ReconcilerRegions"/> starts one sharding region for each.</summary>
public sealed class ReconcilerDefinition
{
    /// <summary>The region's type name, one lower-case word: <c>deployment</c>, <c>node</c>. It can never change once objects exist.</summary>
    public required string TypeName { get; init; }

    /// <summary>The kind whose objects have an actor each; all of them are woken when a process takes over a watched collection.</summary>
    public required ResourceType Primary { get; init; }

    /// <summary>Makes the actor of one object.</summary>
    public required Func<ObjectKey, ReconcilerServices, Props> Props { get; init; }

    /// <summary>What wakes its actors. The reconciler's own kind is not implied.</summary>
    public required IReadOnlyList<Watch> Watches { get; init; }

    /// <summary>What else wakes them: of a kind, also of one that comes later, the watch that it needs, or null.</summary>
    public Func<ResourceType, Watch?> WatchOf { get; init; } = _ => null;

    /// <summary>All watches of a kind.</summary>
    internal IEnumerable<Watch> WatchesOf(ResourceType type)
    {
        foreach (var watch in Watches)
            if (watch.Type.Id == type.Id) yield return watch;
        if (WatchOf(type) is { } other) yield return other;
    }

    /// <summary>
    /// Whether every object's actor is woken when a process takes over a watched collection. Where it is not, only those are that
    /// <see cref="Watches"/> name: right for kinds of which few objects ever need their actor (pods).
    /// </summary>
    public bool WakesAll { get; init; } = true;

    /// <summary>
    /// For messages other than <see cref="Wake"/> that are sent to the region: the entity id (<see cref="ObjectKey.ToString"/>), or null
    /// for a message that is not for it.
    /// </summary>
    public Func<object, string?> EntityId { get; init; } = _ => null;

    /// <summary>
    /// The props of one object's actor, from its constructor's arguments. Given as an expression instead, each would be compiled: a fifth of
    /// a millisecond an actor, of which a large cluster starts ten thousand at once.
    /// </summary>
    public static Props PropsOf<T>(params object[] arguments) where T : ActorBase => Akka.Actor.Props.Create(typeof(T), arguments);
}

/// <summary>
/// Which reconcilers a change of <paramref name="Type"/> wakes. <paramref name="Keys"/> is pure but for reading mirrors; it must look at
/// both versions of the change, and is also called with every object as <see cref="ChangeKind.Added"/> when a process takes over.
/// </summary>
public sealed record Watch(ResourceType Type, Func<Change, IEnumerable<ObjectKey>> Keys)
{
    /// <summary>
    /// Whom to wake when a process takes over the collection, besides those that <see cref="Keys"/> finds; null for every object of the reconciler's own
    /// kind. For watches of many kinds, of which each would wake them all.
    /// </summary>
    public Func<IEnumerable<ObjectKey>>? All { get; init; }

    /// <summary>Wakes an object's own reconciler.</summary>
    public static Watch Own(ResourceType type) => new(type, change => [change.Key]);

    /// <summary>Wakes the reconciler of the object's controller (the ownerReference with <c>controller: true</c>), before and after the change.</summary>
    public static Watch Controlled(ResourceType type, ResourceType controller) => new(type, change => Controllers(change, controller));

    /// <summary>The keys of the controllers of a kind that the change's object has or had.</summary>
    public static IEnumerable<ObjectKey> Controllers(Change change, ResourceType controller)
    {
        var now = Controller(change.Object, controller);
        if (now is { } current) yield return current;
        if (change.Previous is { } previous && Controller(previous, controller) is { } before && before != now) yield return before;
    }

    private static ObjectKey? Controller(StoredObject obj, ResourceType controller) =>
        obj.Meta.ControllerOwner is { } owner && owner.Kind == controller.Kind && owner.ApiVersion == controller.ApiVersion
            ? new(controller.Namespaced ? obj.Key.Namespace : "", owner.Name)
            : null;
}
