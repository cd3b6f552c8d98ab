using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Reconciling;

/// <summary>
/// Sends again what a reconciler that has died was woken with. A region learns of the death a moment after it, and until then hands wakes
/// to a reconciler that is no more, as it does with what still lay before it: Akka calls these dead letters.
/// </summary>
/// <remarks>After a pause, and the same wake once: a reconciler that dies of every wake, because its journal is down, must not be started in a circle.</remarks>
public sealed class LostWakes : UntypedActor, IWithTimers
{
    /// <summary>From the first that is lost until all that were lost meanwhile are sent again.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ActorPath, IActorRef> _regions;
    private readonly HashSet<(IActorRef Region, Wake Wake)> _lost = [];

    public LostWakes(IEnumerable<IActorRef> regions) => _regions = regions.ToDictionary(r => r.Path);

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="regions">Of the reconcilers, in this process.</param>
    public static Props Props(IEnumerable<IActorRef> regions) => Akka.Actor.Props.Create(typeof(LostWakes), regions);

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is DeadLetter { Message: Wake wake, Recipient: var reconciler })
        {
            if (RegionOf(reconciler.Path) is { } region && _lost.Add((region, wake)) && _lost.Count == 1) Timers.StartSingleTimer(nameof(SendAgain), SendAgain.Instance, Pause);
        }
        else if (message is SendAgain)
        {
            foreach (var (target, lost) in _lost) target.Tell(lost);
            _lost.Clear();
        }
    }

    /// <summary>Null where the wake was for another's actor, or the region itself has ended.</summary>
    private IActorRef? RegionOf(ActorPath reconciler)
    {
        for (var path = reconciler; path is not RootActorPath; path = path.Parent)
            if (path != reconciler && _regions.TryGetValue(path, out var region)) return region;
        return null;
    }

    private sealed class SendAgain : INoSerializationVerificationNeeded
    {
        public static readonly SendAgain Instance = new();
    }
}
