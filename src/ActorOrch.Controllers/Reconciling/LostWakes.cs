using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Controllers.Reconciling;

/// <summary>
/// Sends again what a reconciler that has died was woken with. A region learns of the death a moment after it, and until then hands wakes
/// to a reconciler that is no more, as it does with what still lay before it: Akka calls these dead letters.
/// </summary>
public sealed class LostWakes : UntypedActor
{
    private readonly Dictionary<ActorPath, IActorRef> _regions;

    public LostWakes(IEnumerable<IActorRef> regions) => _regions = regions.ToDictionary(r => r.Path);

    /// <param name="regions">Of the reconcilers, in this process.</param>
    public static Props Props(IEnumerable<IActorRef> regions) => Akka.Actor.Props.Create(typeof(LostWakes), regions);

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is DeadLetter { Message: Wake wake, Recipient: var reconciler }) RegionOf(reconciler.Path)?.Tell(wake);
    }

    /// <summary>Null where the wake was for another's actor, or the region itself has ended.</summary>
    private IActorRef? RegionOf(ActorPath reconciler)
    {
        for (var path = reconciler; path is not RootActorPath; path = path.Parent)
            if (path != reconciler && _regions.TryGetValue(path, out var region)) return region;
        return null;
    }
}
