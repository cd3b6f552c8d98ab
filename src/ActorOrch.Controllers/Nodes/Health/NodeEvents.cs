namespace ActorOrch.Controllers.Nodes.Health;

/// <summary>A domain event of a node's health supervision; the journal of the node is its medical history. Manifests in <see cref="NodeEventSerializer"/>.</summary>
public interface INodeEvent
{
    DateTimeOffset At { get; }
}

/// <summary>An agent said hello for the first time since it started.</summary>
public sealed record NodeRegistered(DateTimeOffset At, string Incarnation) : INodeEvent;

/// <summary>Nothing was heard of the agent for the grace period.</summary>
public sealed record HeartbeatLost(DateTimeOffset At) : INodeEvent;

/// <summary>A taint was put on the node, or taken off it.</summary>
public sealed record TaintApplied(DateTimeOffset At, string Key, string Effect) : INodeEvent;

public sealed record TaintRemoved(DateTimeOffset At, string Key, string Effect) : INodeEvent;

/// <summary>Pods were evicted because of a taint.</summary>
/// <param name="Pods">As <c>namespace/name</c>.</param>
public sealed record PodsEvicted(DateTimeOffset At, IReadOnlyList<string> Pods) : INodeEvent;

/// <summary>The agent is heard again.</summary>
public sealed record NodeRecovered(DateTimeOffset At) : INodeEvent;

/// <summary>Someone deleted the Node object; it comes back only when its agent says hello by itself.</summary>
public sealed record NodeRemoved(DateTimeOffset At) : INodeEvent;

/// <summary>The snapshot: what follows from all events so far.</summary>
/// <param name="Incarnation">Of the agent that registered last; empty before.</param>
public sealed record NodeHealth(string Incarnation, bool Lost, bool Removed)
{
    public static readonly NodeHealth Unknown = new("", Lost: false, Removed: false);

    public NodeHealth After(INodeEvent happened) => happened switch
    {
        NodeRegistered registered => new(registered.Incarnation, Lost: false, Removed: false),
        HeartbeatLost => this with { Lost = true },
        NodeRecovered => this with { Lost = false },
        NodeRemoved => this with { Removed = true, Lost = false },
        _ => this,
    };
}
