using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using Akka.Actor;

namespace ActorOrch.Registry.Following;

/// <summary>Sends a collection's changes to an actor, until too many wait there.</summary>
internal sealed class FollowerMail(Follower follower, IActorRef owner, long after, int mostWaiting) : IChangeObserver, IDisposable
{
    private IDisposable? _subscription;
    private int _waiting;
    private bool _cut;

    /// <summary>The revision up to which the owner has been told. Of use to it once it has been told that some were left out.</summary>
    public long Told { get; private set; } = after;

    public void Begin(ICollection collection) => _subscription = collection.Subscribe(Told, this);

    public void Taken(int changes) => Interlocked.Add(ref _waiting, -changes);

    public void OnChanges(IReadOnlyList<Change> changes, Snapshot after)
    {
        if (_cut) return;
        // One batch alone may be larger: it may be what was left out before.
        var waiting = Interlocked.Add(ref _waiting, changes.Count);
        if (waiting > mostWaiting && waiting > changes.Count)
        {
            _cut = true;
            owner.Tell(new FollowerNews(follower, this));
            return;
        }
        Told = after.Revision;
        owner.Tell(new FollowerNews(follower, this) { Changes = changes });
    }

    public void OnReset(Snapshot current)
    {
        if (_cut) return;
        Told = current.Revision;
        owner.Tell(new FollowerNews(follower, this) { All = current });
    }

    public void Dispose() => _subscription?.Dispose();
}
