using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;

namespace ActorOrch.Reconciling;

/// <summary>The sharding regions of the reconcilers: entity id = <see cref="ObjectKey.ToString"/>.</summary>
public static class ReconcilerRegions
{
    /// <summary>The serializer of <see cref="Wake"/>; a fallback for the process's HOCON.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString($$"""
        akka.actor {
          serializers {
            actororch-wake = "{{typeof(WakeSerializer).FullName}}, ActorOrch.Reconciling"
          }
          serialization-bindings {
            "{{typeof(Wake).FullName}}, ActorOrch.Reconciling" = actororch-wake
          }
        }
        """);

    /// <summary>The number of shards of a region. It can never change once a cluster runs.</summary>
    private const int Shards = 10;

    /// <summary>Starts a region in a process that has the role <paramref name="role"/> (null: every process).</summary>
    public static Task<IActorRef> StartAsync(ActorSystem system, ReconcilerDefinition definition, ReconcilerServices services, string? role)
    {
        // The extension first: it brings the default settings that the next line reads.
        var sharding = ClusterSharding.Get(system);
        // Idle reconcilers passivate themselves: sharding cannot know that one with a timer running must stay.
        var settings = ClusterShardingSettings.Create(system).WithRole(role).WithPassivateIdleAfter(TimeSpan.Zero);
        return sharding.StartAsync(
            definition.TypeName, id => definition.Props(ObjectKey.Parse(id), services), settings, new Extractor(definition.EntityId));
    }

    /// <summary>Reaches the region of a type from a process that does not have the role.</summary>
    /// <param name="entityId">As <see cref="ReconcilerDefinition.EntityId"/>.</param>
    public static Task<IActorRef> StartProxyAsync(ActorSystem system, string typeName, string role, Func<object, string?>? entityId = null) =>
        ClusterSharding.Get(system).StartProxyAsync(typeName, role, new Extractor(entityId ?? (_ => null)));

    private sealed class Extractor(Func<object, string?> others) : HashCodeMessageExtractor(Shards)
    {
        public override string? EntityId(object message) => message is Wake wake ? wake.Key.ToString() : others(message);
    }
}
