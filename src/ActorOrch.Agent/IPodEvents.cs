using k8s.Models;

namespace ActorOrch.Agent;

/// <summary>Records what the agent does and sees as <c>v1 Event</c>s; must return at once.</summary>
public interface IPodEvents
{
    /// <param name="container">The container's field path: <c>spec.containers{web}</c>, or null where the event concerns the whole pod.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    void Record(V1Pod pod, string? container, string type, string reason, string message);

    /// <summary>An event about the node itself, e.g. <c>Starting</c>.</summary>
    void RecordNode(string nodeName, string type, string reason, string message);
}
