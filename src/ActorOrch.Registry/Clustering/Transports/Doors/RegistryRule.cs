using System.Collections.Frozen;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Persistence;
using ActorOrch.Resources.Catalog;
using Akka.Actor;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>
/// A worker follows, of the collections that <c>actororch.registry.worker-collections</c> names, what is its node's (<see cref="WorkerMirrors"/>), and
/// asks how far they are. It names no ConfigMap and no Secret: those to which the pods of its node refer it is sent, as long as they do. What it
/// writes is the events that it records; all else it tells the actors of its nodes.
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
            case RegistrySerializer.RevisionRequest:
                return _readable.Contains(CollectionIn(message));
            case RegistrySerializer.FollowRequest:
                return MayFollow(CollectionIn(message), filter: null, message.Sender);
            case RegistrySerializer.FollowSelectedRequest:
                var request = MessageFormats.ReadFollowSelectedRequest(new(message.Body.ToArray()));
                return MayFollow(request.Collection, request.Filter, message.Sender);
            case RegistrySerializer.WriteRequest:
                return CollectionIn(message) == BuiltIn.Events.Collection;
            default:
                return false;
        }
    }

    private bool MayFollow(string collection, FollowFilter? filter, NodeIdentity sender) =>
        _readable.Contains(collection) && WorkerMirrors.Allows(collection, sender.Name, filter);

    /// <summary>The first field of each.</summary>
    private static string CollectionIn(in WorkerMessage message) => new WireReader(message.Body.ToArray()).Text();
}
