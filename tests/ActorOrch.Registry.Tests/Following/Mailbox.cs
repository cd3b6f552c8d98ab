using System.Collections.Concurrent;
using ActorOrch.Registry.Following;
using Akka.Actor;

namespace ActorOrch.Registry.Tests.Following;

/// <summary>The mailbox of an actor that the test plays.</summary>
internal sealed class Mailbox : MinimalActorRef
{
    private readonly ConcurrentQueue<FollowerNews> _news = new();

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "owner";

    public override IActorRefProvider Provider => throw new NotSupportedException();

    public int Count => _news.Count;

    /// <summary>Plays the actor's turn for some of what waits.</summary>
    public void Take(int most = int.MaxValue)
    {
        for (; most > 0 && _news.TryDequeue(out var news); most--) news.Take();
    }

    protected override void TellInternal(object message, IActorRef sender) => _news.Enqueue((FollowerNews)message);
}
