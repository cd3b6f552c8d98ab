using System.Collections.Concurrent;
using k8s.Models;

namespace ActorOrch.Agent.Nodes;

/// <summary>The pods of an agent by uid, for readers outside of its actors (streams).</summary>
internal sealed class PodIndex
{
    private readonly ConcurrentDictionary<string, V1Pod> _pods = new();

    public V1Pod? Find(string uid) => _pods.GetValueOrDefault(uid);

    public void Set(V1Pod pod) => _pods[pod.Metadata.Uid] = pod;

    public void Remove(string uid) => _pods.TryRemove(uid, out _);
}
