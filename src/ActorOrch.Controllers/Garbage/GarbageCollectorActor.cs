using ActorOrch.Reconciling;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Timing;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Controllers.Garbage;

/// <summary>
/// Removes what nobody owns any more, for the collections that this process owns: background cascade, foreground deletion, orphaning,
/// dangling owners. Level-based: when a process takes over a collection, everything in it is looked at again. What is removed from any collection
/// concerns all processes, as each may own some of what belonged to it.
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
    private readonly FollowerSet _followed;
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
        _followed = new(type => Follow(services.Registry[type]));
    }

    public static Props Props(ReconcilerServices services) => Akka.Actor.Props.Create(() => new GarbageCollectorActor(services));

    protected override void PreStart()
    {
        var self = Self;
        _following = _services.Registry.Catalogue.Follow(_ => self.Tell(Catalogued.Instance));
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _following?.Dispose();
        _followed.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Catalogued:
                _followed.Follow(Dependents.Kinds(_services.Registry));
                break;
            case FollowerNews news:
                news.Take();
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
            if (Concerns(obj)) Enqueue((obj.Resource, obj.Key));
    }

    private Follower Follow(ICollection collection)
    {
        var begun = false;
        return Follower.Start(collection, Self, new(
            all =>
            {
                // What was removed meanwhile has left no trace but owners that are not there.
                if (begun) EnqueueOwned();
                else if (collection.IsOwner) EnqueueAll(all);
                begun = true;
            },
            changes => Look(collection, changes),
            Gained: EnqueueAll));
    }

    private void EnqueueOwned()
    {
        foreach (var type in Dependents.Kinds(_services.Registry))
            if (_services.Registry[type] is { IsOwner: true } own) EnqueueAll(own.Latest);
    }

    private void Look(ICollection collection, IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change.Kind == ChangeKind.Deleted)
            {
                foreach (var obj in _work.AfterRemoval(change.Object)) Enqueue((obj.Resource, obj.Key));
                continue;
            }
            if (collection.IsOwner && NeedsLook(change)) Enqueue((change.Object.Resource, change.Key));
            if (change.Previous is not { } before) continue;
            foreach (var owner in _work.Unblocked(before, change.Object)) Enqueue((owner.Resource, owner.Key));
        }
    }

    // Most objects have neither field, which shows without reading their metadata.
    private static bool Concerns(StoredObject obj) =>
        (obj.Mentions("\"ownerReferences\""u8) && obj.Meta.OwnerReferences.Count > 0)
        || (obj.Mentions("\"finalizers\""u8) && (Finalizing.WaitsForDependents(obj.Meta) || Finalizing.OrphansDependents(obj.Meta)));

    // The owners of an object that only changed its status or its labels are as they were.
    private static bool NeedsLook(Change change)
    {
        if (!Concerns(change.Object)) return false;
        var meta = change.Object.Meta;
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
            if (_services.Registry.Catalogue.Current.Find(item.Resource) is null || _services.Registry[item.Resource].Latest.Get(item.Key) is not { } obj) continue;
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

    private sealed class Catalogued : INoSerializationVerificationNeeded
    {
        public static readonly Catalogued Instance = new();
    }

    private sealed record Examined((ResourceId Resource, ObjectKey Key) Item, string? Done, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record Again((ResourceId Resource, ObjectKey Key) Item) : INoSerializationVerificationNeeded;
}
