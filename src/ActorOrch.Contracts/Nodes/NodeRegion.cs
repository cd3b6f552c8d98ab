using Akka.Configuration;

namespace ActorOrch.Contracts.Nodes;

/// <summary>Where agents find the NodeActors, and the form of what both say to each other.</summary>
public static class NodeRegion
{
    /// <summary>The region's type name. It can never change once nodes exist.</summary>
    public const string TypeName = "node";

    /// <summary>The agents' protocol: its serializer, and what a worker may say of it. A fallback for the process's HOCON.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString($$"""
        actororch.cluster.tls.worker-rules.agents = "{{typeof(AgentMessageRule).FullName}}, ActorOrch.Contracts"
        akka.actor {
          serializers {
            actororch-agents = "{{typeof(AgentProtocolSerializer).FullName}}, ActorOrch.Contracts"
          }
          serialization-bindings {
            "{{typeof(IAgentMessage).FullName}}, ActorOrch.Contracts" = actororch-agents
          }
        }
        """);

    /// <summary>The node that a message to the region is for; null for what is none of the agents' messages.</summary>
    public static string? EntityId(object message) => (message as IAgentMessage)?.NodeName;
}
