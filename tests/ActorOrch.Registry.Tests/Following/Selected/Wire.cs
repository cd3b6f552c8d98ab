using Akka.Actor;

namespace ActorOrch.Registry.Tests.Following.Selected;

/// <summary>What is on its way to a mirror that the test plays.</summary>
internal sealed class Wire : MinimalActorRef
{
    public Queue<object> Sent { get; } = new();

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "mirror";

    public override IActorRefProvider Provider => throw new NotSupportedException();

    protected override void TellInternal(object message, IActorRef sender) => Sent.Enqueue(message);
}
