using System.Collections.Concurrent;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Agent.Nodes;

/// <summary>The pods of an agent by uid, for readers outside of its actors (streams).</summary>
internal sealed class PodIndex
{
    private readonly ConcurrentDictionary<string, V1Pod> _pods = new();
    private readonly ConcurrentDictionary<string, byte[]> _reported = new();

    public V1Pod? Find(string uid) => _pods.GetValueOrDefault(uid);

    public void Set(V1Pod pod) => _pods[pod.Metadata.Uid] = pod;

    /// <summary>What the pod's worker has said last; the pod as it was assigned knows nothing of it.</summary>
    public void Report(string uid, byte[] statusJson) => _reported[uid] = statusJson;

    public V1PodStatus? Status(string uid) => _reported.TryGetValue(uid, out var json) ? Model.Parse<V1PodStatus>(json) : Find(uid)?.Status;

    public void Remove(string uid)
    {
        _pods.TryRemove(uid, out _);
        _reported.TryRemove(uid, out _);
    }
}
