using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Agent.Nodes;

/// <summary>Which pods refer to which ConfigMaps and Secrets, so that a change reaches them and nobody else. Not thread-safe.</summary>
internal sealed class PodSources
{
    private readonly Dictionary<(string Collection, ObjectKey Key), HashSet<string>> _pods = [];
    private readonly Dictionary<string, HashSet<(string, ObjectKey)>> _sources = [];

    public void Set(V1Pod pod)
    {
        Remove(pod.Metadata.Uid);
        var sources = PodReferences.Of(pod);
        _sources[pod.Metadata.Uid] = sources;
        foreach (var source in sources)
        {
            if (!_pods.TryGetValue(source, out var pods)) _pods[source] = pods = [];
            pods.Add(pod.Metadata.Uid);
        }
    }

    public void Remove(string uid)
    {
        if (!_sources.Remove(uid, out var sources)) return;
        foreach (var source in sources)
            if (_pods.TryGetValue(source, out var pods) && pods.Remove(uid) && pods.Count == 0) _pods.Remove(source);
    }

    public IReadOnlyCollection<string> Users(string collection, ObjectKey key) => _pods.TryGetValue((collection, key), out var pods) ? pods : [];
}
