using ActorOrch.Registry.Timing;

namespace ActorOrch.Agent.Runtimes.Simulated;

/// <summary>A container that exists in memory alone. All members are guarded by the runtime's gate.</summary>
internal sealed class SimulatedContainer(string id, ContainerSpec spec, DateTimeOffset createdAt)
{
    public string Id { get; } = id;
    public ContainerSpec Spec { get; } = spec;
    public SimulatedBehaviour Behaviour { get; } = SimulatedBehaviour.Of(spec.Labels);
    public ContainerPhase Phase { get; set; } = ContainerPhase.Created;
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public int ExitCode { get; set; }
    public DeadlineTimer? Exit { get; set; }
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public List<(DateTimeOffset At, string Line)> Log { get; } = [];

    public ContainerState State() => new(
        Id, Spec.Name, Phase, Spec.Image, SimulatedRuntime.ImageId(Spec.Image), Spec.Labels, createdAt, StartedAt, FinishedAt, ExitCode, OomKilled: false, Error: null,
        Pid: null);
}
