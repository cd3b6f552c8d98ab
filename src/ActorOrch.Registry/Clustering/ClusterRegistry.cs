using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using Akka;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace ActorOrch.Registry.Clustering;

/// <summary>A process's collections in a cluster: mirrors of all, or of what a worker needs (<see cref="WorkerMirrors"/>), and the actors of those that sharding puts here.</summary>
public sealed class ClusterRegistry : IRegistry
{
    /// <summary>Of the sharding of collections; with the entity id it makes the actor's path. Never changes in a running cluster.</summary>
    public const string ShardTypeName = "collection";

    /// <summary>The setting that names the collections which processes without the control plane's role mirror, and no others.</summary>
    public const string WorkerCollections = "actororch.registry.worker-collections";

    private readonly MirrorSet _mirrors;

    private ClusterRegistry(MirrorSet mirrors, Catalogue catalogue, SpanningIndex spanning)
    {
        Spanning = spanning;
        _mirrors = mirrors;
        Catalogue = catalogue;
    }

    public Catalogue Catalogue { get; }

    public SpanningIndex Spanning { get; }

    public IReadOnlyList<ResourceType> Types => Catalogue.Current.Stored;

    public ICollection this[ResourceId resource] => _mirrors.Find(resource) ?? throw ApiException.UnknownResource();

    /// <summary>
    /// Starts the sharding of collections, wakes all of them, and completes when each has been recovered, here or elsewhere, and is mirrored
    /// in this process. The system must have joined a cluster, or be about to. Cancelling leaves the sharding running. Throws
    /// <see cref="StoreDamagedException"/> where a collection cannot be recovered because what is stored of it is damaged.
    /// </summary>
    /// <param name="types">
    /// The kinds that are there from the start. Where <see cref="BuiltIn.CustomResourceDefinitions"/> is among them, all that are defined there come and go with
    /// their definitions.
    /// </param>
    public static async Task<ClusterRegistry> StartAsync(
        ActorSystem system, IReadOnlyList<ResourceType> types, RegistrySettings settings, CancellationToken cancel = default)
    {
        var spanning = new SpanningIndex();
        var owns = Akka.Cluster.Cluster.Get(system).SelfRoles.Contains(settings.Role);
        IActorRef region = ActorRefs.Nobody;
        var mirrors = new MirrorSet(settings, spanning, Logging.GetLogger(system, typeof(ClusterRegistry)), whole: owns, mirror =>
        {
            // Whoever owns no collections has no business with the store.
            if (owns) mirror.ReadFrom(StoredHistoryOf(system, mirror.Resource, settings.Time));
            mirror.ConnectTo(() => Volatile.Read(ref region), () => IsAlone(system, settings.Role));
        });
        foreach (var type in types) mirrors.Of(type);
        var shards = await StartShardingAsync(system, mirrors, settings);
        Volatile.Write(ref region, shards);
        var catalogue = new Catalogue(types);
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var feeder = system.ActorOf(Props.Create(() => new RegistryActor(types, mirrors, catalogue, shards, settings, complete)), "registry");
        // Else the mirrors would ask for the next owner while the shards stop, and sharding would wait for an answer to them.
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "stop-mirrors", async () =>
        {
            await feeder.GracefulStop(settings.OwnerTimeout);
            return Done.Instance;
        });
        await WhenReadyAsync([complete.Task, .. types.Select(t => mirrors.Of(t).Ready)]).WaitAsync(cancel);
        return new(mirrors, catalogue, spanning);
    }

    /// <summary>Does not wait for the others once one cannot be recovered at all.</summary>
    private static async Task WhenReadyAsync(List<Task> ready)
    {
        while (ready.Count > 0)
        {
            var next = await Task.WhenAny(ready).ConfigureAwait(false);
            await next.ConfigureAwait(false);
            ready.Remove(next);
        }
    }

    /// <summary>Members that cannot be reached count: they may be at work.</summary>
    private static bool IsAlone(ActorSystem system, string role)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        return cluster.SelfRoles.Contains(role) && cluster.State.Members.All(m => m.UniqueAddress.Equals(cluster.SelfUniqueAddress) || !m.HasRole(role));
    }

    private static Task<IActorRef> StartShardingAsync(ActorSystem system, MirrorSet mirrors, RegistrySettings settings)
    {
        var sharding = ClusterSharding.Get(system);
        var extractor = new CollectionExtractor(settings.Shards);
        if (!Akka.Cluster.Cluster.Get(system).SelfRoles.Contains(settings.Role))
            return sharding.StartProxyAsync(ShardTypeName, settings.Role, extractor);
        var references = mirrors.Find(BuiltIn.Pods) is { } pods ? new NodeReferences(pods) : null;
        var sharded = ClusterShardingSettings.Create(system).WithRole(settings.Role);
        return sharding.StartAsync(
            ShardTypeName,
            collection => PropsOf(mirrors.Of(ResourceId.Parse(collection)), settings, references),
            sharded,
            extractor,
            sharding.DefaultShardAllocationStrategy(sharded),
            HandOff.Instance);
    }

    internal static StoredHistory StoredHistoryOf(ActorSystem system, ResourceId resource, TimeProvider time)
    {
        var persistence = Akka.Persistence.Persistence.Instance.Apply(system);
        return new(
            resource,
            new(persistence.SnapshotStoreFor(""), resource, time),
            new(system, persistence.JournalFor(""), CollectionActor.PersistenceIdOf(resource)),
            time);
    }

    private static Props PropsOf(Mirror mirror, RegistrySettings settings, NodeReferences? references) =>
        Props.Create(() => new CollectionActor(mirror, settings, references));

    private sealed class CollectionExtractor(int shards) : HashCodeMessageExtractor(shards)
    {
        public override string? EntityId(object message) => (message as ICollectionMessage)?.Collection;
    }
}
