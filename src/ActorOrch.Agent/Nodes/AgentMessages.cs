using ActorOrch.Agent.Runtimes;

namespace ActorOrch.Agent.Nodes;

/// <summary>What the agent tells itself.</summary>
internal static class AgentMessages
{
    /// <summary>The engine answers, and these are its containers.</summary>
    public sealed record EngineUp(int Connection, RuntimeInfo Info, IReadOnlyList<ContainerState> Containers, IReadOnlyList<string> AddressesOfOthers);

    public sealed record EngineDown(int Connection, Exception Cause);

    public sealed record EngineEvent(int Connection, ContainerEvent Event);

    public sealed record CheckEngine;

    public sealed record EngineChecked;

    /// <summary>The pause after another failure of a pod's worker is over.</summary>
    public sealed record ReplaceWorker(string Uid);

    /// <summary>What runs of a pod whose worker failed.</summary>
    public sealed record PodListed(string Uid, IReadOnlyList<ContainerState> Containers);

    public sealed record PodNotListed(string Uid, Exception Cause);

    public sealed record Connect;

    public sealed record Beat;

    public sealed record Flush;
}
