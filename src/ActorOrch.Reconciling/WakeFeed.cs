using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace ActorOrch.Reconciling;

/// <summary>
/// Turns the changes of one collection into wakes of reconcilers, in the process that owns the collection. One actor a collection, so
/// that a burst in one does not delay another.
/// </summary>
public sealed class WakeFeed : UntypedActor
{
    private readonly ICollection _collection;
    private readonly IReadOnlyList<WakeTarget> _targets;
    private readonly IRegistry _registry;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    /// <summary>Whom to wake, a set a target.</summary>
    private readonly HashSet<ObjectKey>[] _keys;
    private Follower? _follower;
    private long _seen;

    public WakeFeed(ICollection collection, IRegistry registry, IReadOnlyList<WakeTarget> targets)
    {
        _collection = collection;
        _registry = registry;
        _targets = targets;
        _keys = [.. targets.Select(_ => new HashSet<ObjectKey>())];
    }

    /// <summary>The feed of one collection.</summary>
    public static Props Props(ICollection collection, IRegistry registry, IReadOnlyList<WakeTarget> targets) =>
        Akka.Actor.Props.Create(() => new WakeFeed(collection, registry, targets));

    protected override void PreStart()
    {
        if (Context.System is ExtendedActorSystem { Provider: IClusterActorRefProvider })
            Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
        _follower = Follower.WhileOwned(_collection, Self, new(WakeAll, Map));
    }

    protected override void PostStop()
    {
        _follower?.Dispose();
        if (Context.System is ExtendedActorSystem { Provider: IClusterActorRefProvider }) Cluster.Get(Context.System).Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FollowerNews news:
                news.Take();
                break;
            // Reconcilers that lived there are started again by this; sharding itself starts an entity only when a message comes.
            case ClusterEvent.MemberRemoved:
                if (_follower!.IsFollowing) WakeAll(_collection.Latest);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Map(IReadOnlyList<Change> changes)
    {
        _seen = changes[^1].Revision;
        foreach (var change in changes) Collect(change);
        Send();
    }

    private void WakeAll(Snapshot snapshot)
    {
        _seen = Math.Max(_seen, snapshot.Revision);
        _log.Debug("Waking every reconciler that {0} concerns", _collection.Resource.Collection);
        // Object by object: what one target has read out of it, the others find.
        foreach (var obj in snapshot.Objects.Values) Collect(new(ChangeKind.Added, obj, null));
        for (var i = 0; i < _targets.Count; i++)
            if (_targets[i].WakesAll)
                foreach (var key in _targets[i].All?.Invoke() ?? _registry[_targets[i].Primary].Latest.Objects.Keys) _keys[i].Add(key);
        Send();
    }

    private void Collect(Change change)
    {
        for (var i = 0; i < _targets.Count; i++)
            foreach (var keys in _targets[i].Keys)
                foreach (var key in keys(change)) _keys[i].Add(key);
    }

    private void Send()
    {
        for (var i = 0; i < _targets.Count; i++)
        {
            foreach (var key in _keys[i]) _targets[i].Region.Tell(new Wake(key, _collection.Resource.Collection, _seen));
            _keys[i].Clear();
        }
    }
}

/// <summary>Whom a collection's changes wake: the region of one kind of reconciler, and how to find the keys.</summary>
public sealed record WakeTarget(ResourceType Primary, IActorRef Region, IReadOnlyList<Func<Change, IEnumerable<ObjectKey>>> Keys, bool WakesAll = true)
{
    /// <summary>All that are woken when a process takes over, where <see cref="WakesAll"/>; null for every object of the primary kind.</summary>
    public Func<IEnumerable<ObjectKey>>? All { get; init; }
}
