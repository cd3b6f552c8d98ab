using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using Akka.Actor;

namespace ActorOrch.Registry.Following;

/// <summary>
/// The one way to listen to a collection. Its owner is given everything that is there, then each change once and in order, and everything anew
/// where the thread of changes is lost: a mirror was loaded again, memory no longer reaches back, the owner was too slow. What an owner makes of
/// that is the collection as it is, whatever happens in between.
/// </summary>
/// <remarks>An owner that is an actor is sent <see cref="FollowerNews"/>, and hands them back: all but the sending happens on its own turn.</remarks>
public sealed class Follower : IDisposable
{
    /// <summary>
    /// Changes that may wait in the mailbox of an owner. One that is slower is told of the rest when it has taken these: from history, or as
    /// everything anew.
    /// </summary>
    public const int MostWaiting = 32 * 1024;

    private readonly FollowerHandlers _handlers;
    private readonly IActorRef? _owner;
    private readonly bool _whileOwned;
    private readonly int _mostWaiting;
    private IDisposable? _calls;
    private FollowerMail? _mail;
    private bool _disposed;

    private Follower(ICollection collection, FollowerHandlers handlers, IActorRef? owner, bool whileOwned, int mostWaiting)
    {
        Collection = collection;
        _handlers = handlers;
        _owner = owner;
        _whileOwned = whileOwned;
        _mostWaiting = mostWaiting;
    }

    public ICollection Collection { get; }

    /// <summary>Whether changes are followed now. One of <see cref="WhileOwned"/> does so only in the process that owns the collection. For an owner that is an actor.</summary>
    public bool IsFollowing => _mail is not null;

    /// <summary>Follows a collection for an actor, from now on. To be called, and disposed, on the actor's own turn.</summary>
    public static Follower Start(ICollection collection, IActorRef owner, FollowerHandlers handlers) => Start(collection, owner, handlers, MostWaiting);

    internal static Follower Start(ICollection collection, IActorRef owner, FollowerHandlers handlers, int mostWaiting)
    {
        var follower = new Follower(collection, handlers, owner, whileOwned: false, mostWaiting);
        if (handlers.Gained is not null) collection.OwnershipChanged += follower.OnOwnershipChanged;
        follower.Begin(after: 0);
        return follower;
    }

    /// <summary>
    /// Follows a collection for an actor as long as this process owns it: what several processes would do at once, the owner does. Whoever takes
    /// over is given everything.
    /// </summary>
    public static Follower WhileOwned(ICollection collection, IActorRef owner, FollowerHandlers handlers)
    {
        var follower = new Follower(collection, handlers, owner, whileOwned: true, MostWaiting);
        collection.OwnershipChanged += follower.OnOwnershipChanged;
        follower.Settle(gained: false);
        return follower;
    }

    /// <summary>
    /// Follows a collection for an owner that is called on the thread of whoever publishes, one call at a time, and returns at once. Everything is
    /// given before this returns.
    /// </summary>
    /// <param name="after">The revision that the owner has seen: only where history does not reach back to it is everything given.</param>
    /// <param name="mayWait"><see cref="IChangeObserver.MayWait"/></param>
    public static Follower Call(ICollection collection, FollowerHandlers handlers, long after = 0, bool mayWait = false)
    {
        var follower = new Follower(collection, handlers, owner: null, whileOwned: false, int.MaxValue);
        follower._calls = collection.Subscribe(after, new FollowerCalls(handlers, mayWait));
        return follower;
    }

    public void Dispose()
    {
        _disposed = true;
        Collection.OwnershipChanged -= OnOwnershipChanged;
        _calls?.Dispose();
        End();
    }

    internal void Take(FollowerNews news)
    {
        if (_disposed) return;
        if (news.By is not { } mail) Settle(news.Gained);
        else if (mail != _mail) return;
        else if (news.All is { } all) _handlers.All(all);
        else if (news.Changes is { } changes)
        {
            mail.Taken(changes.Count);
            _handlers.Changed(changes);
        }
        else Begin(mail.Told);
    }

    private void OnOwnershipChanged(bool owned) => _owner!.Tell(new FollowerNews(this, by: null) { Gained = owned });

    // By what is so now. Where the collection was elsewhere and is back, what another process began may not have been ended.
    private void Settle(bool gained)
    {
        var owned = Collection.IsOwner;
        if (!_whileOwned)
        {
            if (owned && gained) _handlers.Gained?.Invoke(Collection.Latest);
            return;
        }
        if (owned)
        {
            if (gained || _mail is null) Begin(after: 0);
            return;
        }
        if (_mail is null) return;
        End();
        _handlers.Lost?.Invoke();
    }

    private void Begin(long after)
    {
        End();
        _mail = new(this, _owner!, after, _mostWaiting);
        _mail.Begin(Collection);
    }

    private void End()
    {
        _mail?.Dispose();
        _mail = null;
    }
}

/// <summary>What the owner of a follower does with what it is given.</summary>
/// <param name="All">Everything that is there: at first, and whenever the thread of changes was lost. What is not in it is gone.</param>
/// <param name="Changed">Changes of one commit or of several, in order.</param>
/// <param name="Lost">Of one that follows what its process owns: it owns it no longer.</param>
/// <param name="Gained">Of one that follows a collection wherever it is: this process has become its owner. With everything that is there then.</param>
public sealed record FollowerHandlers(
    Action<Snapshot> All, Action<IReadOnlyList<Change>> Changed, Action? Lost = null, Action<Snapshot>? Gained = null);
