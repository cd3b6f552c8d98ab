using ActorOrch.Reconciling;

namespace ActorOrch.Testing;

/// <summary>Records nothing: for tests to which events do not matter.</summary>
public sealed class NoEvents : IEventRecorder
{
    public void Record(EventSubject subject, EventSource source, EventType type, string reason, string message)
    {
    }
}
