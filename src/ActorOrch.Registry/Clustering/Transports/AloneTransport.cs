using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace ActorOrch.Registry.Clustering.Transports;

/// <summary>
/// What lies below Akka.Remote in a process that is alone: it has an address, as a member of a cluster must, and opens no port. Nobody
/// can reach it, and it reaches nobody.
/// </summary>
/// <remarks>Named in the configuration that <see cref="ClusterTransports"/> derives.</remarks>
public sealed class AloneTransport : Transport
{
    /// <summary>Of the addresses: <c>akka.alone://actororch@this-process:1</c>.</summary>
    public const string Scheme = "alone";

    public AloneTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        SchemeIdentifier = Scheme;
        MaximumPayloadBytes = int.MaxValue;
    }

    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen() =>
        Task.FromResult((new Address(SchemeIdentifier, System.Name, "this-process", 1), new TaskCompletionSource<IAssociationEventListener>()));

    public override bool IsResponsibleFor(Address remote) => true;

    public override Task<AssociationHandle> Associate(Address remoteAddress) => Task.FromException<AssociationHandle>(
        new InvalidAssociationException($"{remoteAddress} cannot be reached: this process is alone, because it has no seed nodes and its store is its own"));

    public override Task<bool> Shutdown() => Task.FromResult(true);
}
