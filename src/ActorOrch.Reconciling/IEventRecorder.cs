using ActorOrch.Resources.Objects;

namespace ActorOrch.Reconciling;

public enum EventType
{
    Normal,
    Warning,
}

/// <summary>What an event is about (<c>v1 ObjectReference</c>).</summary>
public sealed record EventSubject(string ApiVersion, string Kind, string Namespace, string Name, string Uid, long Revision = 0, string? FieldPath = null)
{
    public static EventSubject Of(StoredObject obj) =>
        new(obj.Meta.ApiVersion, obj.Meta.Kind, obj.Key.Namespace, obj.Key.Name, obj.Uid, obj.Revision);
}

/// <summary>Who reports: <c>source.component</c> (<c>kubelet</c>, <c>deployment-controller</c>) and, on a node, <c>source.host</c>.</summary>
public sealed record EventSource(string Component, string Host = "");

/// <summary>Writes <c>v1 Event</c>s in the background. Never blocks and never throws: an event that cannot be written is logged and lost.</summary>
public interface IEventRecorder
{
    /// <summary>
    /// Records that something happened now. The same text about the same object again raises <c>count</c> and <c>lastTimestamp</c> of the
    /// event that is already there.
    /// </summary>
    void Record(EventSubject subject, EventSource source, EventType type, string reason, string message);
}

public static class EventRecording
{
    /// <summary>Records an event about a stored object.</summary>
    public static void Record(this IEventRecorder events, StoredObject obj, string component, EventType type, string reason, string message) =>
        events.Record(EventSubject.Of(obj), new(component), type, reason, message);
}
