using ActorOrch.Networking.Kernel;
using ActorOrch.Reconciling;

namespace ActorOrch.Hosting;

/// <summary>What happens to the machine's network, as warnings about its node by the one who programs services, which upstream calls <c>kube-proxy</c>.</summary>
internal sealed class NetworkEvents(IEventRecorder events, string nodeName) : INetworkEvents
{
    private readonly EventSource _source = new("kube-proxy", nodeName);

    public void Record(string reason, string message) => events.Record(
        // Upstream names the node as its own uid, and clients look for that.
        new EventSubject("v1", "Node", "", nodeName, nodeName), _source, EventType.Warning, reason, message);
}
