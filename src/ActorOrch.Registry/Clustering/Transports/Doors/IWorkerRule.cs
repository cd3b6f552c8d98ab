using ActorOrch.Registry.Clustering.Pki;
using Akka.Actor;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>
/// What processes with a worker's certificate may send in the messages of one serializer. A serializer without a rule is nothing that they
/// may use. Named in the configuration, <c>actororch.cluster.tls.worker-rules</c>; has a constructor without parameters, or one that takes an <see cref="ActorSystem"/>.
/// </summary>
public interface IWorkerRule
{
    /// <summary>The serializer's <see cref="Akka.Serialization.Serializer.Identifier"/>.</summary>
    int SerializerId { get; }

    /// <summary>Throws <see cref="InvalidDataException"/> for a message that it cannot read.</summary>
    bool Allows(in WorkerMessage message);
}

/// <summary>A message that a worker has sent.</summary>
/// <param name="Sender">Whose certificate is at the other end of the connection.</param>
/// <param name="Origin">The address of that process, which its certificate confirms the host of.</param>
/// <param name="Recipient">The path in this process, without address and uid: <c>/system/sharding/node</c>.</param>
public readonly record struct WorkerMessage(NodeIdentity Sender, Address Origin, string Recipient, string Manifest, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether a full path (<c>akka.tcp://actororch@HOST:PORT/user/a</c>) is one of the sender's own process.</summary>
    public bool IsOwn(string path) => path.StartsWith($"{Origin}/", StringComparison.Ordinal);
}
