using System.Collections.Concurrent;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds;
using Akka.Event;

namespace ActorOrch.Registry.Clustering;

/// <summary>
/// A process's mirrors. One that was made stays, its kind may come back; one is made as soon as anybody speaks of it, so that this process can own
/// the collection of a kind of which it has not heard yet. Safe for parallel use; lookups take no lock.
/// </summary>
/// <param name="whole">Whether they hold all of their collections; else what the nodes of this process need.</param>
/// <param name="connect">Called once with each that is made, before anyone else has it.</param>
internal sealed class MirrorSet(RegistrySettings settings, SpanningIndex spanning, ILoggingAdapter log, bool whole, Action<Mirror> connect)
{
    private readonly ConcurrentDictionary<ResourceId, Lazy<Mirror>> _mirrors = new();

    public Mirror? Find(ResourceId resource) => _mirrors.TryGetValue(resource, out var mirror) ? mirror.Value : null;

    /// <summary>The mirror of a kind; made where there is none.</summary>
    public Mirror Of(ResourceType type) => Of(type, type.Rules.Claiming);

    /// <summary>The mirror of a kind that may not be known here yet. Those whose objects claim something are.</summary>
    public Mirror Of(ResourceId resource) => Of(resource, claiming: null);

    private Mirror Of(ResourceId resource, KindRules? claiming) => _mirrors.GetOrAdd(resource, id => new(() =>
    {
        var mirror = new Mirror(id, claiming, settings, log, whole ? null : WorkerMirrors.Of(id.Collection, settings.Nodes)) { Spanning = whole ? spanning : null };
        connect(mirror);
        return mirror;
    })).Value;
}
