using ActorOrch.Contracts.Nodes;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Controllers.Nodes.Assignments;
using ActorOrch.Controllers.Nodes.Health;
using ActorOrch.Controllers.Pods;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Configuration;

namespace ActorOrch.Controllers;

/// <summary>The NodeActors and PodActors of a control-plane process: give <see cref="Definitions"/> to <see cref="ControllersHost"/>.</summary>
public static class NodesHost
{
    /// <summary>The serializer of the nodes' journals; a fallback for the process's HOCON.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString($$"""
        akka.actor {
          serializers {
            actororch-nodes = "{{typeof(NodeEventSerializer).FullName}}, ActorOrch.Controllers"
          }
          serialization-bindings {
            "{{typeof(INodeEvent).FullName}}, ActorOrch.Controllers" = actororch-nodes
            "{{typeof(NodeHealth).FullName}}, ActorOrch.Controllers" = actororch-nodes
          }
        }
        """);

    /// <summary>
    /// What <see cref="ControllersHost"/> is to run for nodes and pods. One monitor of heartbeats a process serves all of its NodeActors;
    /// it lives as long as the process.
    /// </summary>
    public static IReadOnlyList<ReconcilerDefinition> Definitions(IRegistry registry, NodeSettings settings, TimeProvider time)
    {
        var monitor = new HeartbeatMonitor(registry, settings, time);
        var (nodes, pods) = (registry[BuiltIn.Nodes], registry[BuiltIn.Pods]);
        return
        [
            new()
            {
                TypeName = NodeRegion.TypeName,
                Primary = BuiltIn.Nodes,
                Props = (key, services) => ReconcilerDefinition.PropsOf<NodeActor>(key.Name, services, settings, monitor),
                Watches = [Watch.Own(BuiltIn.Nodes), new(BuiltIn.Pods, NodeOfPod)],
                EntityId = NodeRegion.EntityId,
            },
            new()
            {
                TypeName = PodActor.TypeName,
                Primary = BuiltIn.Pods,
                Props = (key, services) => ReconcilerDefinition.PropsOf<PodActor>(key, services, settings, monitor),
                Watches = [new(BuiltIn.Pods, change => PodWakes.OfPod(change, nodes)), new(BuiltIn.Nodes, change => PodWakes.OfNode(change, pods))],
                WakesAll = false,
            },
        ];
    }

    /// <summary>The node whose agent must hear of a change: not where only the status differs, which it reported itself.</summary>
    internal static IEnumerable<ObjectKey> NodeOfPod(Change change)
    {
        var pod = PodBytes.Of(change.Object);
        if (pod.NodeName.Length == 0) return [];
        if (change is { Kind: ChangeKind.Modified, Previous: { } before } && !pod.HasReadinessGates && pod.SameButStatus(PodBytes.Of(before))) return [];
        return [ObjectKey.ClusterScoped(pod.NodeName)];
    }
}
