using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using k8s.Models;

namespace ActorOrch.Registry.Following.Selected;

/// <summary>
/// To which ConfigMaps and Secrets the pods of a node refer, by this process's mirror of the pods; and a word to those who need to know when that
/// may have changed. Thread-safe.
/// </summary>
internal sealed class NodeReferences : IDisposable
{
    private readonly Mirror _pods;
    private readonly ConditionalWeakTable<StoredObject, HashSet<(string Collection, ObjectKey Key)>> _read = [];
    private readonly Lock _starting = new();
    private ImmutableDictionary<IActorRef, ImmutableHashSet<string>> _watchers = ImmutableDictionary<IActorRef, ImmutableHashSet<string>>.Empty;
    private Follower? _follower;

    public NodeReferences(Mirror pods) => _pods = pods;

    /// <summary>Completes when the pods are known.</summary>
    public Task Ready => _pods.Ready;

    /// <summary>The revision of the pods by which it is so, and what they refer to in a collection.</summary>
    public (long Revision, HashSet<ObjectKey> Keys) Of(string collection, IReadOnlyList<string> nodes)
    {
        var pods = _pods.Latest;
        var keys = new HashSet<ObjectKey>();
        foreach (var node in nodes)
            foreach (var pod in pods.Lookup(Indexes.NodeName, node))
                foreach (var (of, key) in _read.GetValue(pod, static p => PodReferences.Of(p.As<V1Pod>())))
                    if (of == collection) keys.Add(key);
        return (pods.Revision, keys);
    }

    /// <summary>Tells an actor by <see cref="PodsOfNodesChanged"/> of changes to the pods of a node from now on.</summary>
    public void Watch(IActorRef watcher, string node)
    {
        ImmutableInterlocked.AddOrUpdate(ref _watchers, watcher, [node], (_, nodes) => nodes.Add(node));
        lock (_starting) _follower ??= Follower.Call(_pods, new(_ => TellAll(), Tell), _pods.Latest.Revision, mayWait: true);
    }

    public void Forget(IActorRef watcher, string node) =>
        ImmutableInterlocked.Update(ref _watchers, all => all.TryGetValue(watcher, out var nodes)
            ? nodes.Remove(node) is { IsEmpty: false } others ? all.SetItem(watcher, others) : all.Remove(watcher)
            : all);

    /// <summary>An actor that has ended is told nothing.</summary>
    public void Forget(IActorRef watcher) => ImmutableInterlocked.TryRemove(ref _watchers, watcher, out _);

    public void Dispose() => _follower?.Dispose();

    private void TellAll()
    {
        foreach (var (watcher, nodes) in _watchers) watcher.Tell(new PodsOfNodesChanged(nodes));
    }

    private void Tell(IReadOnlyList<Change> changes)
    {
        var watchers = _watchers;
        if (watchers.IsEmpty) return;
        // No pod goes from one node to another.
        var changed = changes.Select(c => FollowFilter.Read(c.Object, Indexes.NodeName)).OfType<string>().ToHashSet();
        foreach (var (watcher, nodes) in watchers)
            if (nodes.Intersect(changed) is { IsEmpty: false } touched) watcher.Tell(new PodsOfNodesChanged(touched));
    }
}

/// <summary>To a collection's actor: pods of these nodes are not what they were. Never leaves the process.</summary>
internal sealed record PodsOfNodesChanged(IReadOnlySet<string> Nodes) : INoSerializationVerificationNeeded;
