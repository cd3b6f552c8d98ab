using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using Akka.Actor;

namespace ActorOrch.Registry.Following;

/// <summary>What a <see cref="Follower"/> sends to the actor that owns it.</summary>
public sealed class FollowerNews : INoSerializationVerificationNeeded
{
    private readonly Follower _follower;

    /// <param name="by">What told it; null where the news is who owns the collection.</param>
    internal FollowerNews(Follower follower, FollowerMail? by) => (_follower, By) = (follower, by);

    internal FollowerMail? By { get; }

    /// <summary>Whether the process has become the owner of the collection.</summary>
    internal bool Gained { get; init; }

    internal Snapshot? All { get; init; }

    /// <summary>Null, as <see cref="All"/> is, where the owner was too slow and some were left out.</summary>
    internal IReadOnlyList<Change>? Changes { get; init; }

    /// <summary>Calls the owner's handlers. News of a follower that has ended, or that has begun anew since, is none.</summary>
    public void Take() => _follower.Take(this);
}
