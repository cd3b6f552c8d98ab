using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Streaming;

/// <summary>The pod that a stream is asked of, and the node that has it.</summary>
internal sealed record StreamTarget(ObjectKey Key, string Uid, Field Spec, INodeStreams Node)
{
    /// <summary>Throws 404 where there is no such pod, 400 where it has no node yet, 503 where the node's agent cannot be reached.</summary>
    /// <param name="check">Of the pod's spec, before its node is looked at, as upstream does.</param>
    public static async Task<StreamTarget> FindAsync(ApiRequest request, IRegistry registry, INodeStreamsLocator nodes, Action<Field>? check = null)
    {
        var snapshot = await registry[request.Type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false);
        var pod = snapshot.Get(request.Key) ?? throw ApiException.NotFound(request.Type, request.Info.Name);
        var spec = Field.Root(pod.ToJson())["spec"];
        check?.Invoke(spec);
        var node = spec["nodeName"].Text;
        if (node.Length == 0) throw ApiException.BadRequest($"pod {request.Info.Name} does not have a host assigned");
        var streams = nodes.Find(node) ?? throw ApiException.Unavailable($"the agent of node \"{node}\" cannot be reached");
        return new(pod.Key, pod.Uid, spec, streams);
    }
}
