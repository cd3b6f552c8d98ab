using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Watching;
using Akka.Actor;

namespace ActorOrch.Registry.Collections;

/// <summary>The mirrors in other processes that a collection's actor keeps up to date.</summary>
/// <param name="references">Null where this process does not mirror pods.</param>
internal sealed class Followers(IActorRef owner, string collection, NodeReferences? references) : IDisposable
{
    /// <summary>Objects are sent in parts of about this many bytes, well below the transport's largest frame.</summary>
    internal const int PartBytes = 256 * 1024;

    private readonly Dictionary<IActorRef, Session> _sessions = [];
    private readonly SelectedFollowers _selected = new(owner, collection, references);

    private sealed class Session(long number)
    {
        private long _sequence;

        public long Number { get; } = number;

        public long NextSequence() => ++_sequence;
    }

    public bool Any => _sessions.Count > 0 || _selected.Any;

    /// <summary>Answers a request: with the commits that the mirror lacks where history has them, else with the whole collection.</summary>
    public void Begin(IActorRef follower, FollowRequest request, CollectionView view)
    {
        var session = _sessions[follower] = new(request.Session);
        if (view.After(request.KnownRevision) is not { } missed)
            SendObjects(follower, session, view.Snapshot);
        else if (missed.Count == 0)
            follower.Tell(new FollowCommits(session.Number, session.NextSequence(), view.Revision, []), owner);
        else
            foreach (var part in Parts(missed)) follower.Tell(new FollowCommits(session.Number, session.NextSequence(), view.Revision, [part]), owner);
    }

    /// <inheritdoc cref="SelectedFollowers.Begin"/>
    public void Begin(IActorRef follower, FollowSelectedRequest request, CollectionView view) => _selected.Begin(follower, request, view);

    public void Publish(IReadOnlyList<Change> changes)
    {
        _selected.Publish(changes, changes[^1].Revision);
        if (_sessions.Count == 0) return;
        foreach (var part in Parts(changes))
            foreach (var (follower, session) in _sessions)
                follower.Tell(new FollowCommits(session.Number, session.NextSequence(), changes[^1].Revision, [part]), owner);
    }

    /// <inheritdoc cref="SelectedFollowers.Refer"/>
    public void Refer(PodsOfNodesChanged changed, CollectionView view) => _selected.Refer(changed.Nodes, view);

    public void Remove(IActorRef follower)
    {
        _sessions.Remove(follower);
        _selected.Remove(follower);
    }

    public void Dispose() => _selected.Dispose();

    private static IEnumerable<CommitRecord> Parts(IReadOnlyList<Change> changes)
    {
        var part = new List<Change>();
        var bytes = 0;
        foreach (var change in changes)
        {
            if (bytes > 0 && bytes + change.Object.Json.Length > PartBytes)
            {
                yield return CommitRecord.Of(part, DateTimeOffset.UnixEpoch);
                part.Clear();
                bytes = 0;
            }
            part.Add(change);
            bytes += change.Object.Json.Length;
        }
        yield return CommitRecord.Of(part, DateTimeOffset.UnixEpoch);
    }

    private void SendObjects(IActorRef follower, Session session, Snapshot snapshot)
    {
        var part = new List<RecordedObject>();
        var bytes = 0;
        foreach (var (_, obj) in snapshot.Objects)
        {
            if (bytes > 0 && bytes + obj.Json.Length > PartBytes)
            {
                follower.Tell(new FollowObjects(session.Number, session.NextSequence(), snapshot.Revision, false, part), owner);
                part = [];
                bytes = 0;
            }
            part.Add(RecordedObject.Of(obj));
            bytes += obj.Json.Length;
        }
        follower.Tell(new FollowObjects(session.Number, session.NextSequence(), snapshot.Revision, true, part), owner);
    }
}
