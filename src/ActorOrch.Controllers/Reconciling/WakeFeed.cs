using ActorOrch.Registry;
using ActorOrch.Resources;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace ActorOrch.Controllers.Reconciling;

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
    private readonly HashSet<ObjectKey> _keys = [];
    private readonly Action<bool> _ownershipChanged;
    private IDisposable? _subscription;
    private long _seen;

    public WakeFeed(ICollection collection, IRegistry registry, IReadOnlyList<WakeTarget> targets)
    {
        _collection = collection;
        _registry = registry;
        _targets = targets;
        var self = Self;
        _ownershipChanged = owner => self.Tell(owner ? Gained.Instance : Lost.Instance);
    }

    /// <summary>The feed of one collection.</summary>
    public static Props Props(ICollection collection, IRegistry registry, IReadOnlyList<WakeTarget> targets) =>
        Akka.Actor.Props.Create(() => new WakeFeed(collection, registry, targets));

    protected override void PreStart()
    {
        _collection.OwnershipChanged += _ownershipChanged;
        if (Context.System is ExtendedActorSystem { Provider: IClusterActorRefProvider })
            Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
        if (_collection.IsOwner) Self.Tell(Gained.Instance);
    }

    protected override void PostStop()
    {
        _collection.OwnershipChanged -= _ownershipChanged;
        _subscription?.Dispose();
        if (Context.System is ExtendedActorSystem { Provider: IClusterActorRefProvider }) Cluster.Get(Context.System).Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Changed changed when _subscription is not null:
                Map(changed.Changes);
                break;
            case Gained:
                Follow();
                break;
            case Lost:
                _subscription?.Dispose();
                _subscription = null;
                break;
            case Reset reset when _subscription is not null:
                WakeAll(reset.Current);
                break;
            // Reconcilers that lived there are started again by this; sharding itself starts an entity only when a message comes.
            case ClusterEvent.MemberRemoved when _subscription is not null:
                WakeAll(_collection.Latest);
                break;
            case Changed or Reset or ClusterEvent.MemberRemoved:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Follow()
    {
        if (_subscription is not null) return;
        var snapshot = _collection.Latest;
        _subscription = _collection.Subscribe(snapshot.Revision, new Observer(Self));
        WakeAll(snapshot);
    }

    private void Map(IReadOnlyList<Change> changes)
    {
        _seen = changes[^1].Revision;
        foreach (var target in _targets)
        {
            foreach (var change in changes) Collect(target, change);
            Send(target);
        }
    }

    private void WakeAll(Snapshot snapshot)
    {
        _seen = Math.Max(_seen, snapshot.Revision);
        _log.Debug("Waking every reconciler that {0} concerns", _collection.Type.Collection);
        foreach (var target in _targets)
        {
            foreach (var obj in snapshot.Objects.Values) Collect(target, new(ChangeKind.Added, obj, null));
            if (target.WakesAll)
                foreach (var key in _registry[target.Primary].Latest.Objects.Keys) _keys.Add(key);
            Send(target);
        }
    }

    private void Collect(WakeTarget target, Change change)
    {
        foreach (var keys in target.Keys)
            foreach (var key in keys(change)) _keys.Add(key);
    }

    private void Send(WakeTarget target)
    {
        foreach (var key in _keys) target.Region.Tell(new Wake(key, _collection.Type.Collection, _seen));
        _keys.Clear();
    }

    private sealed class Observer(IActorRef feed) : IChangeObserver
    {
        public void OnChanges(IReadOnlyList<Change> changes, Snapshot after) => feed.Tell(new Changed(changes));

        public void OnReset(Snapshot current) => feed.Tell(new Reset(current));
    }

    private sealed record Changed(IReadOnlyList<Change> Changes) : INoSerializationVerificationNeeded;

    private sealed record Reset(Snapshot Current) : INoSerializationVerificationNeeded;

    private sealed class Gained : INoSerializationVerificationNeeded
    {
        public static readonly Gained Instance = new();
    }

    private sealed class Lost : INoSerializationVerificationNeeded
    {
        public static readonly Lost Instance = new();
    }
}

/// <summary>Whom a collection's changes wake: the region of one kind of reconciler, and how to find the keys.</summary>
public sealed record WakeTarget(ResourceType Primary, IActorRef Region, IReadOnlyList<Func<Change, IEnumerable<ObjectKey>>> Keys, bool WakesAll = true);
