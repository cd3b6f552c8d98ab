using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Registry.Tests.Checkpoints;

/// <summary>A collection's actor on the journal of a test's actor system, with the mirror it publishes into; can be moved and crashed.</summary>
internal sealed class OwnedCollection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system;
    private readonly RegistrySettings _settings;
    private IActorRef _actor = ActorRefs.Nobody;

    private OwnedCollection(ActorSystem system, RegistrySettings settings)
    {
        _system = system;
        _settings = settings;
        Store = new(Akka.Persistence.Persistence.Instance.Apply(system).SnapshotStoreFor(""), BuiltIn.ConfigMaps, settings.Time);
        Mirror = null!;
    }

    public Mirror Mirror { get; private set; }

    public CheckpointStore Store { get; }

    public IActorRef Actor => _actor;

    public static async Task<OwnedCollection> StartAsync(ActorSystem system, RegistrySettings settings)
    {
        var collection = new OwnedCollection(system, settings);
        await collection.RecoverAsync();
        return collection;
    }

    /// <summary>As if the collection had moved to another process: its actor finishes what it has and stops; the next begins with the journal alone.</summary>
    public async Task MoveAsync()
    {
        _actor.Tell(HandOff.Instance);
        await RecoverAsync();
    }

    /// <summary>Waits for the actor to end, which it is about to, and recovers.</summary>
    public async Task RecoverAsync()
    {
        if (!_actor.IsNobody()) await _actor.WatchAsync().WaitAsync(Patience);
        Mirror = new(BuiltIn.ConfigMaps, _settings, NoLogger.Instance);
        Mirror.ReadFrom(ClusterRegistry.StoredHistoryOf(_system, BuiltIn.ConfigMaps, _settings.Time));
        var mirror = Mirror;
        var settings = _settings;
        _actor = _system.ActorOf(Props.Create(() => new CollectionActor(mirror, settings)));
        await Mirror.Ready.WaitAsync(Patience);
    }

    /// <summary>All changes after a revision as a watch gets them: from the store, then from memory.</summary>
    public async Task<IReadOnlyList<Change>> ChangesAfterAsync(long revision)
    {
        var changes = new List<Change>();
        await foreach (var some in Mirror.ReadChangesAsync(revision)) changes.AddRange(some);
        changes.AddRange(Mirror.View.After(changes.Count == 0 ? revision : changes[^1].Revision)!);
        return changes;
    }
}
