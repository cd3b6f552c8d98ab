using ActorOrch.Agent;
using ActorOrch.Reconciling;
using k8s.Models;

namespace ActorOrch.Hosting;

/// <summary>What the agent does and sees, as events of <c>kubelet</c> on its node.</summary>
internal sealed class PodEvents(IEventRecorder events, string nodeName) : IPodEvents
{
    private readonly EventSource _source = new("kubelet", nodeName);

    public void Record(V1Pod pod, string? container, string type, string reason, string message) => events.Record(
        new EventSubject("v1", "Pod", pod.Metadata.NamespaceProperty, pod.Metadata.Name, pod.Metadata.Uid, FieldPath: container),
        _source, Enum.Parse<EventType>(type), reason, message);

    public void RecordNode(string node, string type, string reason, string message) => events.Record(
        // Upstream names the node as its own uid, and clients look for that.
        new EventSubject("v1", "Node", "", node, node), _source, Enum.Parse<EventType>(type), reason, message);
}
