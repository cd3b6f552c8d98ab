using System.Collections.Frozen;
using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using Akka;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace ActorOrch.Registry.Clustering;

/// <summary>A process's collections in a cluster: mirrors of all, and the actors of those that sharding puts here.</summary>
public sealed class ClusterRegistry : IRegistry
{
    /// <summary>Of the sharding of collections; with the entity id it makes the actor's path. Never changes in a running cluster.</summary>
    public const string ShardTypeName = "collection";

    /// <summary>The setting that names the collections which processes without the control plane's role mirror, and no others.</summary>
    public const string WorkerCollections = "actororch.registry.worker-collections";

    private readonly FrozenDictionary<string, Mirror> _mirrors;

    private ClusterRegistry(IReadOnlyList<ResourceType> types, FrozenDictionary<string, Mirror> mirrors)
    {
        Types = types;
        _mirrors = mirrors;
    }

    public IReadOnlyList<ResourceType> Types { get; }

    public ICollection this[ResourceType type] => _mirrors[type.Collection];

    /// <summary>
    /// Starts the sharding of collections, wakes all of them, and completes when each has been recovered, here or elsewhere, and is mirrored
    /// in this process. The system must have joined a cluster, or be about to. Cancelling leaves the sharding running. Throws
    /// <see cref="StoreDamagedException"/> where a collection cannot be recovered because what is stored of it is damaged.
    /// </summary>
    public static async Task<ClusterRegistry> StartAsync(
        ActorSystem system, IReadOnlyList<ResourceType> types, RegistrySettings settings, CancellationToken cancel = default)
    {
        var log = Logging.GetLogger(system, typeof(ClusterRegistry));
        var mirrors = types.ToFrozenDictionary(t => t.Collection, t => new Mirror(t, settings, log));
        var region = await StartShardingAsync(system, mirrors, settings);
        var owns = Akka.Cluster.Cluster.Get(system).SelfRoles.Contains(settings.Role);
        foreach (var mirror in mirrors.Values)
        {
            mirror.ConnectTo(region, () => IsAlone(system, settings.Role));
            // Whoever owns no collections has no business with the store.
            if (owns) mirror.ReadFrom(StoredHistoryOf(system, mirror.Type, settings.Time));
        }
        var feeder = system.ActorOf(Props.Create(() => new RegistryActor(mirrors.Values, region, settings)), "registry");
        // Else the mirrors would ask for the next owner while the shards stop, and sharding would wait for an answer to them.
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "stop-mirrors", async () =>
        {
            await feeder.GracefulStop(settings.OwnerTimeout);
            return Done.Instance;
        });
        await WhenReadyAsync([.. mirrors.Values.Select(m => m.Ready)]).WaitAsync(cancel);
        return new(types, mirrors);
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

    private static Task<IActorRef> StartShardingAsync(ActorSystem system, FrozenDictionary<string, Mirror> mirrors, RegistrySettings settings)
    {
        var sharding = ClusterSharding.Get(system);
        var extractor = new CollectionExtractor(settings.Shards);
        if (!Akka.Cluster.Cluster.Get(system).SelfRoles.Contains(settings.Role))
            return sharding.StartProxyAsync(ShardTypeName, settings.Role, extractor);
        var sharded = ClusterShardingSettings.Create(system).WithRole(settings.Role);
        return sharding.StartAsync(
            ShardTypeName,
            collection => PropsOf(mirrors[collection], settings),
            sharded,
            extractor,
            sharding.DefaultShardAllocationStrategy(sharded),
            HandOff.Instance);
    }

    internal static StoredHistory StoredHistoryOf(ActorSystem system, ResourceType type, TimeProvider time)
    {
        var persistence = Akka.Persistence.Persistence.Instance.Apply(system);
        return new(
            type,
            new(persistence.SnapshotStoreFor(""), type, time),
            new(system, persistence.JournalFor(""), CollectionActor.PersistenceIdOf(type)),
            time);
    }

    private static Props PropsOf(Mirror mirror, RegistrySettings settings) => Props.Create(() => new CollectionActor(mirror, settings));

    private sealed class CollectionExtractor(int shards) : HashCodeMessageExtractor(shards)
    {
        public override string? EntityId(object message) => (message as ICollectionMessage)?.Collection;
    }
}

/// <summary>Parent of the actors that feed this process's mirrors, named like their collections with dots for slashes.</summary>
internal sealed class RegistryActor : UntypedActor
{
    public RegistryActor(IEnumerable<Mirror> mirrors, IActorRef region, RegistrySettings settings)
    {
        foreach (var mirror in mirrors)
            Context.ActorOf(Props.Create(() => new MirrorActor(mirror, region, settings)), mirror.Type.Collection.Replace('/', '.'));
    }

    protected override void OnReceive(object message) => Unhandled(message);
}
