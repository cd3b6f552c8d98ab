using ActorOrch.Agent.Nodes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Streams;
using ActorOrch.Agent.Volumes;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Registry.Collections;
using Akka.Actor;

namespace ActorOrch.Agent;

/// <summary>A running agent: its actor, and the way to the logs, commands and ports of its pods.</summary>
public sealed record AgentHandle(IActorRef Agent, INodeStreams Streams);

/// <summary>Starts agents.</summary>
public static class AgentHost
{
    /// <summary>Starts the agent of one node as <c>/user/agent</c> unless another name is given.</summary>
    /// <param name="nodeRegion">The sharding region of the NodeActors.</param>
    public static AgentHandle Start(
        ActorSystem system, AgentOptions options, IContainerRuntime runtime, IRegistry registry, IActorRef nodeRegion, IEndpointDrain drain, IPodEvents events,
        TimeProvider time, string actorName = "agent")
    {
        new PodDirectories(options.DataDirectory).Ensure();
        var index = new PodIndex();
        var agent = system.ActorOf(
            Props.Create(() => new AgentActor(options, runtime, registry, nodeRegion, drain, events, time, index)), actorName);
        return new(agent, new PodStreams(runtime, index));
    }

    /// <summary>Starts the agents of many simulated nodes as one actor, <c>/user/simulated-nodes</c>.</summary>
    /// <returns>The way to their streams is the same for all of them.</returns>
    public static AgentHandle StartSimulated(
        ActorSystem system, IReadOnlyList<AgentOptions> nodes, RuntimeInfo machine, IRegistry registry, IActorRef nodeRegion, TimeProvider time,
        string actorName = "simulated-nodes")
    {
        var streams = new SimulatedPodStreams();
        return new(system.ActorOf(Props.Create(() => new SimulatedNodes(nodes, machine, registry, nodeRegion, streams, time)), actorName), streams);
    }
}
