using ActorOrch.Resources.Objects;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>Marks what the scheduler keeps in its journal or sends to other processes; each has a manifest in <see cref="SchedulerSerializer"/>.</summary>
public interface ISchedulerMessage;

/// <summary>A pod and the node chosen for it.</summary>
public sealed record Placement(ObjectKey Pod, string Uid, string Node);

/// <summary>Pods that fitted nowhere, all for the same reasons.</summary>
/// <param name="Nodes">How many nodes there were.</param>
/// <param name="Reasons">How many nodes were refused for what.</param>
/// <param name="Message">The whole verdict as upstream words it.</param>
public sealed record Refusal(int Nodes, IReadOnlyList<(string Reason, int Nodes)> Reasons, string Message, IReadOnlyList<(ObjectKey Pod, string Uid)> Pods);

/// <summary>Domain event: one round of decisions. Durable before anything is bound, so that a successor completes it.</summary>
/// <param name="Number">Counts rounds, from 1.</param>
public sealed record PlacementsDecided(long Number, DateTimeOffset At, IReadOnlyList<Placement> Placements, IReadOnlyList<Refusal> Refusals) : ISchedulerMessage;

/// <summary>What the scheduler remembers across restarts; its snapshot.</summary>
/// <param name="Open">Decided, and not yet seen bound.</param>
/// <param name="Waiting">The latest refusals of pods that still wait, by verdict.</param>
public sealed record SchedulerMemory(long Number, IReadOnlyList<Placement> Open, IReadOnlyList<(DateTimeOffset At, Refusal Refusal)> Waiting) : ISchedulerMessage;

/// <summary>Asks the scheduler what it decided last about a pod; answered with <see cref="PodDecision"/>.</summary>
public sealed record WhyPending(ObjectKey Pod) : ISchedulerMessage;

/// <summary>The latest decision about a pod. Where nothing is known of it (bound long ago, deleted, another scheduler's), all but the key is empty.</summary>
/// <param name="At">When it was decided.</param>
/// <param name="Node">The node chosen, while the pod is not seen bound yet.</param>
/// <param name="Message">Why it fits nowhere.</param>
public sealed record PodDecision(ObjectKey Pod, DateTimeOffset? At, string? Node, string? Message) : ISchedulerMessage;
