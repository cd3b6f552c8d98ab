using ActorOrch.Agent.Probes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Volumes;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Registry;

namespace ActorOrch.Agent.Pods;

/// <summary>What all pod workers of an agent share.</summary>
/// <param name="AllocatableCpu">Cores.</param>
/// <param name="AllocatableMemory">Bytes.</param>
internal sealed record PodEnvironment(
    AgentOptions Options, IContainerRuntime Runtime, IRegistry Registry, IEndpointDrain Drain, IPodEvents Events, TimeProvider Time,
    VolumeManager Volumes, ProbeScheduler Probes, Prober Prober, decimal AllocatableCpu, decimal AllocatableMemory)
{
    /// <summary>What the engine could give when it was last asked: it may have been set up anew since.</summary>
    public RuntimeIsolation Isolation { get; set; } = new();
}
