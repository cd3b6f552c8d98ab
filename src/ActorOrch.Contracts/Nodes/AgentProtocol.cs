using Akka.Actor;

namespace ActorOrch.Contracts.Nodes;

/// <summary>Marks what crosses between a NodeActor and the Agent on its machine; each has a manifest in <c>AgentProtocolSerializer</c>.</summary>
public interface IAgentMessage
{
    /// <summary>The node it concerns; the sharding entity id of the NodeActor.</summary>
    string NodeName { get; }
}

/// <summary>Agent to NodeActor: I run this node. Sent at start, after a reconnect and when the node's description changes.</summary>
/// <param name="NodeJson">A complete <c>v1 Node</c>: labels, capacity, allocatable, addresses, nodeInfo, and the conditions the agent sees.</param>
/// <param name="Incarnation">Random per start of the agent, so that a NodeActor can tell a restart from a reconnect.</param>
public sealed record AgentHello(string NodeName, byte[] NodeJson, string Incarnation, IActorRef Agent) : IAgentMessage;

/// <summary>Agent to NodeActor, every second or so: I am alive.</summary>
public sealed record AgentHeartbeat(string NodeName, string Incarnation) : IAgentMessage;

/// <summary>NodeActor to Agent: I do not know this incarnation (I have moved or restarted); say hello again.</summary>
public sealed record HelloWanted(string NodeName) : IAgentMessage;

/// <summary>NodeActor to Agent: every pod that is bound to the node. What the agent runs beyond these is to be stopped and removed.</summary>
/// <param name="PodsJson">Complete <c>v1 Pod</c> objects.</param>
/// <param name="StoreId">Of the store that says so; empty where it has none.</param>
/// <param name="NodeKnown">Whether that store knew of the node before its agent came.</param>
public sealed record AssignedPods(string NodeName, IReadOnlyList<byte[]> PodsJson, string StoreId = "", bool NodeKnown = false) : IAgentMessage;

/// <summary>NodeActor to Agent: pods that were bound, changed (deletionTimestamp included) or removed since the last message.</summary>
/// <param name="Removed">Uids of pods whose objects were removed.</param>
public sealed record PodsChanged(string NodeName, IReadOnlyList<byte[]> Changed, IReadOnlyList<string> Removed) : IAgentMessage;

/// <summary>A pod's status as the agent sees it.</summary>
/// <param name="StatusJson">A complete <c>v1 PodStatus</c>.</param>
/// <param name="Sequence">Rises with each report of the pod; acknowledged by <see cref="PodStatusesStored"/>.</param>
/// <param name="Terminated">The pod was deleted, and nothing of it is left on the machine: its object may be removed.</param>
public sealed record PodStatusReport(string Namespace, string Name, string Uid, byte[] StatusJson, long Sequence, bool Terminated);

/// <summary>Agent to NodeActor: new statuses, batched. Kept and sent again by the agent until acknowledged.</summary>
public sealed record PodStatuses(string NodeName, IReadOnlyList<PodStatusReport> Reports) : IAgentMessage;

/// <summary>NodeActor to Agent: these (uid, sequence) are stored, or their pod no longer exists.</summary>
public sealed record PodStatusesStored(string NodeName, IReadOnlyList<(string Uid, long Sequence)> Stored) : IAgentMessage;
