using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using Akka.Actor;

namespace ActorOrch.Controllers.Events;

/// <summary>Records events through one <see cref="EventRecorderActor"/> a process.</summary>
public sealed class EventRecorder : IEventRecorder
{
    private readonly IActorRef _actor;
    private readonly TimeProvider _time;

    private EventRecorder(IActorRef actor, TimeProvider time)
    {
        _actor = actor;
        _time = time;
    }

    public static EventRecorder Start(IActorRefFactory system, IObjectApi api, TimeProvider time) =>
        new(system.ActorOf(Props.Create(() => new EventRecorderActor(api)), "events"), time);

    public void Record(EventSubject subject, EventSource source, EventType type, string reason, string message) =>
        _actor.Tell(new Occurrence(new(subject with { Revision = 0 }, source, type, reason, message), subject.Revision, _time.GetUtcNow()));
}

/// <summary>What makes two occurrences the same event, as client-go aggregates them.</summary>
internal sealed record EventIdentity(EventSubject Subject, EventSource Source, EventType Type, string Reason, string Message);

/// <summary>Something that happened to a version of an object at a time.</summary>
internal sealed record Occurrence(EventIdentity Event, long Revision, DateTimeOffset At) : INoSerializationVerificationNeeded;
