using System.Text;
using ActorOrch.Registry.Clustering.Transports.Doors;
using Akka.Actor;

namespace ActorOrch.Contracts.Nodes;

/// <summary>What an agent may tell: of the node that its certificate names, and of itself. Made by configuration.</summary>
public sealed class AgentMessageRule(ActorSystem system) : IWorkerRule
{
    private const string Region = $"/system/sharding/{NodeRegion.TypeName}";

    private readonly AgentProtocolSerializer _serializer = new((ExtendedActorSystem)system);

    public int SerializerId => _serializer.Identifier;

    public bool Allows(in WorkerMessage message)
    {
        if (message.Recipient != Region) return false;
        try
        {
            return _serializer.FromBinary(message.Body.ToArray(), message.Manifest) switch
            {
                AgentHello hello => hello.NodeName == message.Sender.Name && hello.Agent.Path.Address.Equals(message.Origin),
                AgentHeartbeat heartbeat => heartbeat.NodeName == message.Sender.Name,
                PodStatuses statuses => statuses.NodeName == message.Sender.Name,
                _ => false,
            };
        }
        catch (Exception e) when (e is IOException or ArgumentException or DecoderFallbackException)
        {
            throw new InvalidDataException($"{message.Manifest} cannot be read: {e.Message}", e);
        }
    }
}
