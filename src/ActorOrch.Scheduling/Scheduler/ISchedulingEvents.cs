using ActorOrch.Resources.Objects;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>Takes what users should see of decisions as <c>v1 Event</c>s.</summary>
public interface ISchedulingEvents
{
    /// <summary>Normal, <c>Scheduled</c>: Successfully assigned ns/pod to node.</summary>
    void Scheduled(StoredObject pod, string node);

    /// <summary>Warning, <c>FailedScheduling</c>: the verdict.</summary>
    void FailedScheduling(StoredObject pod, string message);
}
