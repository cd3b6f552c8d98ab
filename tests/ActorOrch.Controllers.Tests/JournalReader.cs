using ActorOrch.Registry.Persistence.Actors;
using Akka.Actor;
using Akka.Persistence;

namespace ActorOrch.Controllers.Tests;

/// <summary>Tells what an actor recorded: its events, in an array.</summary>
internal sealed class JournalReader(string persistenceId, IActorRef reader) : RecordedActor
{
    private readonly List<object> _events = [];

    public override string PersistenceId => persistenceId;

    protected override void OnReplay(object message)
    {
        if (message is RecoveryCompleted) reader.Tell(_events.ToArray());
        else if (message is not SnapshotOffer) _events.Add(message);
    }

    protected override void OnMessage(object message) => Unhandled(message);
}
