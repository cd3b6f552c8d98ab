using ActorOrch.Reconciling;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Scheduler;

namespace ActorOrch.Controllers.Pods;

/// <summary>Writes the scheduler's events.</summary>
public sealed class SchedulingEvents(IEventRecorder events, string schedulerName) : ISchedulingEvents
{
    public void Scheduled(StoredObject pod, string node) =>
        events.Record(pod, schedulerName, EventType.Normal, "Scheduled", $"Successfully assigned {pod.Key} to {node}");

    public void FailedScheduling(StoredObject pod, string message) =>
        events.Record(pod, schedulerName, EventType.Warning, "FailedScheduling", message);
}
