using ActorOrch.Reconciling;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Timing;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Controllers.Garbage;

/// <summary>
/// Removes what nobody owns any more, for the collections that this process owns: background cascade, foreground deletion, orphaning,
/// dangling owners. Level-based: when a process takes over a collection, everything in it is looked at again.
/// </summary>
public sealed class GarbageCollectorActor : UntypedActor
{
    /// <summary>How many objects are worked on at once.</summary>
    private const int Workers = 64;

    /// <summary>Room for this many waiting objects is kept.</summary>
    private const int Roomy = 4096;

    private readonly ReconcilerServices _services;
    private readonly GarbageWork _work;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<ResourceId, Followed> _followed = [];
    private IDisposable? _following;

    // Waiting and working are keyed by object; one that changes while it is worked on is looked at once more.
    private readonly Queue<(ResourceId Resource, ObjectKey Key)> _queue = new();
    private readonly HashSet<(ResourceId Resource, ObjectKey Key)> _waiting = [];
    private readonly HashSet<(ResourceId Resource, ObjectKey Key)> _working = [];
    private readonly Dictionary<(ResourceId Resource, ObjectKey Key), int> _failures = [];

    public GarbageCollectorActor(ReconcilerServices services)
    {
        _services = services;
        _work = new(services.Api);
    }

    public static Props Props(ReconcilerServices services) => Akka.Actor.Props.Create(() => new GarbageCollectorActor(services));

    protected override void PreStart()
    {
        var self = Self;
        _following = _services.Registry.Catalogue.Follow(change => self.Tell(new Catalogued(change)));
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _following?.Dispose();
        foreach (var followed in _followed.Values) followed.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Catalogued catalogued:
                foreach (var type in catalogued.Change.Removed)
                    if (_followed.Remove(type.Id, out var gone)) gone.Dispose();
                foreach (var type in catalogued.Change.Added.Where(Dependents.TakesPart)) _followed[type.Id] = new(_services.Registry[type], Self);
                break;
            case Ownership owner when _followed.TryGetValue(owner.Collection.Resource, out var followed):
                if (followed.Set(owner.Owned)) EnqueueAll(owner.Collection.Latest);
                break;
            case Ownership:
                break;
            case Reset reset:
                EnqueueAll(reset.Current);
                break;
            case Changed changed:
                Look(changed.Changes);
                break;
            case Affected affected:
                foreach (var obj in affected.Objects) Enqueue((obj.Resource, obj.Key));
                break;
            case AffectedUnknown unknown:
                _log.Warning(unknown.Cause, "Garbage collector could not find what belonged to {0} removed objects and will try again", unknown.Removed.Count);
                After(RetryDelay.After(5, _services.Random), new Removed(unknown.Removed));
                break;
            case Removed removed:
                Follow(removed.Objects);
                break;
            case Examined examined:
                Finish(examined);
                break;
            case Again again:
                Enqueue(again.Item);
                break;
            default:
                Unhandled(message);
                return;
        }
        Work();
    }

    private void EnqueueAll(Snapshot snapshot)
    {
        foreach (var obj in snapshot.Objects.Values)
            if (Concerns(obj.Meta)) Enqueue((obj.Resource, obj.Key));
    }

    private void Look(IReadOnlyList<Change> changes)
    {
        List<StoredObject>? removed = null;
        foreach (var change in changes)
        {
            if (change.Kind == ChangeKind.Deleted) (removed ??= []).Add(change.Object);
            else if (NeedsLook(change)) Enqueue((change.Object.Resource, change.Key));
        }
        if (removed is not null) Follow(removed);
    }

    private void Follow(IReadOnlyList<StoredObject> removed) =>
        _work.AfterRemovalAsync(removed, _stopping.Token).PipeTo(
            Self, success: objects => new Affected(objects), failure: cause => new AffectedUnknown(removed, cause));

    private static bool Concerns(ObjectMeta meta) =>
        meta.OwnerReferences.Count > 0 || Finalizing.WaitsForDependents(meta) || Finalizing.OrphansDependents(meta);

    // The owners of an object that only changed its status or its labels are as they were.
    private static bool NeedsLook(Change change)
    {
        var meta = change.Object.Meta;
        if (!Concerns(meta)) return false;
        return change.Previous?.Meta is not { } before
            || before.DeletionTimestamp != meta.DeletionTimestamp
            || !before.OwnerReferences.SequenceEqual(meta.OwnerReferences)
            || !before.Finalizers.SequenceEqual(meta.Finalizers);
    }

    private void Enqueue((ResourceId, ObjectKey) item)
    {
        if (_waiting.Add(item)) _queue.Enqueue(item);
    }

    private void Work()
    {
        // Items that are being worked on go round the queue once and wait for the next message.
        for (var turns = _queue.Count; turns > 0 && _working.Count < Workers; turns--)
        {
            var item = _queue.Dequeue();
            if (_working.Contains(item))
            {
                _queue.Enqueue(item);
                continue;
            }
            _waiting.Remove(item);
            if (!_followed.ContainsKey(item.Resource) || _services.Registry[item.Resource].Latest.Get(item.Key) is not { } obj) continue;
            _working.Add(item);
            _work.ExamineAsync(obj, _stopping.Token).PipeTo(
                Self, success: done => new Examined(item, done, null), failure: cause => new Examined(item, null, cause));
        }
        if (_queue.Count > 0 || _queue.Capacity <= Roomy) return;
        // A takeover has been worked off; nothing as large is expected soon.
        _queue.TrimExcess();
        _waiting.TrimExcess();
    }

    private void Finish(Examined examined)
    {
        var item = examined.Item;
        _working.Remove(item);
        if (examined.Failure is null)
        {
            _failures.Remove(item);
            if (examined.Done is { } done) _log.Debug("Garbage collector: {0} {1} {2}", item.Resource.GroupResource, item.Key, done);
            return;
        }
        var failures = _failures[item] = _failures.GetValueOrDefault(item) + 1;
        var wait = RetryDelay.After(failures, _services.Random);
        _log.Warning(examined.Failure, "Garbage collector failed on {0} {1} and will try again in {2}", item.Resource.GroupResource, item.Key, wait);
        After(wait, new Again(item));
    }

    private void After(TimeSpan wait, object message)
    {
        var self = Self;
        DeadlineTimer? timer = null;
        timer = DeadlineTimer.Once(_services.Time, wait, "the garbage collector's wait", () =>
        {
            self.Tell(message);
            timer?.Dispose();
        });
    }

    /// <summary>A collection's changes, while this process owns it.</summary>
    private sealed class Followed : IChangeObserver, IDisposable
    {
        private readonly ICollection _collection;
        private readonly IActorRef _collector;
        private IDisposable? _subscription;

        public Followed(ICollection collection, IActorRef collector)
        {
            _collection = collection;
            _collector = collector;
            _collection.OwnershipChanged += OnOwnershipChanged;
            if (collection.IsOwner) OnOwnershipChanged(true);
        }

        /// <summary>True where it has just begun to be followed. Called by the actor alone.</summary>
        public bool Set(bool owned)
        {
            if (!owned)
            {
                _subscription?.Dispose();
                _subscription = null;
                return false;
            }
            if (_subscription is not null) return false;
            _subscription = _collection.Subscribe(_collection.Latest.Revision, this);
            return true;
        }

        public void OnChanges(IReadOnlyList<Change> changes, Snapshot after) => _collector.Tell(new Changed(changes));

        public void OnReset(Snapshot current) => _collector.Tell(new Reset(current));

        public void Dispose()
        {
            _collection.OwnershipChanged -= OnOwnershipChanged;
            _subscription?.Dispose();
        }

        private void OnOwnershipChanged(bool owned) => _collector.Tell(new Ownership(_collection, owned));
    }

    private sealed record Catalogued(CatalogueChange Change) : INoSerializationVerificationNeeded;

    private sealed record Ownership(ICollection Collection, bool Owned) : INoSerializationVerificationNeeded;

    private sealed record Changed(IReadOnlyList<Change> Changes) : INoSerializationVerificationNeeded;

    private sealed record Reset(Snapshot Current) : INoSerializationVerificationNeeded;

    private sealed record Removed(IReadOnlyList<StoredObject> Objects) : INoSerializationVerificationNeeded;

    private sealed record Affected(IReadOnlyList<StoredObject> Objects) : INoSerializationVerificationNeeded;

    private sealed record AffectedUnknown(IReadOnlyList<StoredObject> Removed, Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record Examined((ResourceId Resource, ObjectKey Key) Item, string? Done, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record Again((ResourceId Resource, ObjectKey Key) Item) : INoSerializationVerificationNeeded;
}
