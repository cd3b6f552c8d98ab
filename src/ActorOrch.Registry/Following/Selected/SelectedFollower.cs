using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Registry.Following.Selected;

/// <summary>A mirror in another process that holds a part of a collection, and how far it has been told. For the collection's actor alone.</summary>
internal sealed class SelectedFollower(IActorRef mirror, IActorRef owner)
{
    private long _session;
    private long _sequence;

    /// <summary>As the last message had it.</summary>
    private (long Revision, long Pods) _told;

    public required FollowFilter Filter { get; init; }

    /// <summary>What its nodes' pods refer to, where that is how its objects are chosen.</summary>
    public HashSet<ObjectKey> Keys { get; set; } = [];

    /// <summary>The pods' revision that it was told last.</summary>
    public long Pods => _told.Pods;

    /// <summary>Whether it has all that it has been told, and nothing was lost on the way.</summary>
    public bool Has(FollowSelectedRequest request) => _told == (request.KnownRevision, request.KnownPods);

    public void Begin(long session) => (_session, _sequence) = (session, 0);

    /// <summary>Everything it is to hold, in parts; what it holds beside that goes.</summary>
    public void SendAll(long revision, long pods, IEnumerable<StoredObject> objects)
    {
        var part = new List<RecordedObject>();
        var bytes = 0;
        foreach (var obj in objects)
        {
            if (bytes > 0 && bytes + obj.Json.Length > Followers.PartBytes)
            {
                mirror.Tell(new FollowObjects(_session, ++_sequence, revision, false, part), owner);
                (part, bytes) = ([], 0);
            }
            part.Add(RecordedObject.Of(obj));
            bytes += obj.Json.Length;
        }
        mirror.Tell(new FollowObjects(_session, ++_sequence, revision, true, part), owner);
        Send(revision, pods, [], []);
    }

    /// <summary>What it is to hold from now on, and what no longer. Both may be empty: it knows then how far it is.</summary>
    public void Send(long revision, long pods, IReadOnlyList<StoredObject> put, IReadOnlyList<ObjectKey> removed)
    {
        var part = new List<RecordedObject>();
        var bytes = 0;
        foreach (var obj in put)
        {
            if (bytes > 0 && bytes + obj.Json.Length > Followers.PartBytes)
            {
                // It has come so far only with the last of them.
                mirror.Tell(new FollowSelected(_session, ++_sequence, _told.Revision, _told.Pods, part, []), owner);
                (part, bytes) = ([], 0);
            }
            part.Add(RecordedObject.Of(obj));
            bytes += obj.Json.Length;
        }
        _told = (revision, pods);
        mirror.Tell(new FollowSelected(_session, ++_sequence, revision, pods, part, removed), owner);
    }
}
