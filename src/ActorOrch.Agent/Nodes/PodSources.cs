using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;
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
        var sources = Of(pod).ToHashSet();
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

    private static IEnumerable<(string, ObjectKey)> Of(V1Pod pod)
    {
        var @namespace = pod.Metadata.NamespaceProperty;
        foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
        {
            foreach (var variable in container.Env ?? [])
            {
                if (variable.ValueFrom?.ConfigMapKeyRef is { } config) yield return ConfigMap(config.Name);
                if (variable.ValueFrom?.SecretKeyRef is { } secret) yield return Secret(secret.Name);
            }
            foreach (var source in container.EnvFrom ?? [])
            {
                if (source.ConfigMapRef is { } config) yield return ConfigMap(config.Name);
                if (source.SecretRef is { } secret) yield return Secret(secret.Name);
            }
        }
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            if (volume.ConfigMap is { } config) yield return ConfigMap(config.Name);
            if (volume.Secret is { } secret) yield return Secret(secret.SecretName);
            foreach (var source in volume.Projected?.Sources ?? [])
            {
                if (source.ConfigMap is { } c) yield return ConfigMap(c.Name);
                if (source.Secret is { } s) yield return Secret(s.Name);
            }
        }

        (string, ObjectKey) ConfigMap(string name) => (BuiltIn.ConfigMaps.Collection, new(@namespace, name));
        (string, ObjectKey) Secret(string name) => (BuiltIn.Secrets.Collection, new(@namespace, name));
    }
}

/// <summary>Registry to agent: these objects changed, or everything may have.</summary>
internal sealed record SourcesChanged(string Collection, IReadOnlyList<ObjectKey>? Keys);

/// <summary>Tells the agent which objects of a collection changed.</summary>
internal sealed class SourceObserver(string collection, IActorRef agent) : IChangeObserver
{
    public void OnChanges(IReadOnlyList<Change> changes, Snapshot after) => agent.Tell(new SourcesChanged(collection, [.. changes.Select(c => c.Key)]));

    public void OnReset(Snapshot current) => agent.Tell(new SourcesChanged(collection, null));
}
