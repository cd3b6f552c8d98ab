using System.Collections.Frozen;
using ActorOrch.Registry.Persistence;
using ActorOrch.Resources.Catalog;
using Akka.Actor;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>
/// A worker follows the collections that <c>actororch.registry.worker-collections</c> names, and asks how far they are. What it writes is
/// the events that it records; all else it tells the actors of its nodes.
/// </summary>
public sealed class RegistryRule(ActorSystem system) : IWorkerRule
{
    private const string Region = $"/system/sharding/{ClusterRegistry.ShardTypeName}";

    private readonly FrozenSet<string> _readable = system.Settings.Config.GetStringList(ClusterRegistry.WorkerCollections).ToFrozenSet();

    public int SerializerId => RegistrySerializer.Id;

    public bool Allows(in WorkerMessage message)
    {
        if (message.Recipient != Region) return false;
        switch (message.Manifest)
        {
            case RegistrySerializer.FollowRequest or RegistrySerializer.RevisionRequest:
                return _readable.Contains(CollectionIn(message));
            case RegistrySerializer.WriteRequest:
                return CollectionIn(message) == BuiltIn.Events.Collection;
            default:
                return false;
        }
    }

    /// <summary>The first field of each.</summary>
    private static string CollectionIn(in WorkerMessage message) => new WireReader(message.Body.ToArray()).Text();
}
