using ActorOrch.Registry.Health;
using ActorOrch.Registry.Persistence.Actors;
using Akka.Actor;
using Akka.Persistence;

namespace ActorOrch.Registry.Tests.Persistence.Actors;

/// <summary>Counts to what it is told: an event a number, numbered before the one before it is durable. A shard's part is played by its parent.</summary>
internal sealed class Counter : RecordedActor
{
    public const string Id = "counter-1";
    private int _count;
    private IActorRef _asker = ActorRefs.Nobody;

    public override string PersistenceId => Id;

    protected override void OnReplay(object message)
    {
        switch (message)
        {
            case StoreProbe one:
                Assert.Equal(_count + 1, one.Filling[0]);
                _count++;
                break;
            case SnapshotOffer { Snapshot: StoreProbe all }:
                _count = all.Filling[0];
                break;
        }
    }

    protected override void OnMessage(object message)
    {
        switch (message)
        {
            case int to:
                var asker = Sender;
                for (var i = _count + 1; i <= to; i++)
                    RecordAsync(new StoreProbe([(byte)i, 9, 9, 9, 9, 9]), _ => { if (++_count == to) asker.Tell(_count); });
                break;
            case "snapshot":
                _asker = Sender;
                RecordSnapshot(new StoreProbe([(byte)_count]));
                break;
            case SaveSnapshotSuccess:
                _asker.Tell(_count);
                break;
            case "count":
                Sender.Tell(_count);
                break;
        }
    }

    /// <summary>Starts a counter for every message that finds none.</summary>
    public sealed class Shard : UntypedActor
    {
        private int _started;

        protected override void OnReceive(object message)
        {
            if (message is "started")
            {
                Sender.Tell(_started);
                return;
            }
            if (Context.Child("counter").IsNobody())
            {
                _started++;
                Context.ActorOf(Props.Create<Counter>(), "counter");
            }
            Context.Child("counter").Forward(message);
        }

        protected override SupervisorStrategy SupervisorStrategy() => StoppingSupervisorStrategy;

        private static SupervisorStrategy StoppingSupervisorStrategy => Akka.Actor.SupervisorStrategy.StoppingStrategy;
    }

    /// <summary>The same as it was before its rows had envelopes.</summary>
    public sealed class Before : UntypedPersistentActor
    {
        public override string PersistenceId => Id;

        protected override void OnRecover(object message)
        {
        }

        protected override void OnCommand(object message)
        {
            var asker = Sender;
            if (message is int number) Persist(new StoreProbe([(byte)number]), _ => asker.Tell(number));
        }
    }
}
