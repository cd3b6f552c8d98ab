using ActorOrch.Agent.Probes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Volumes;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Registry.Collections;

namespace ActorOrch.Agent.Pods;

/// <summary>What all pod workers of an agent share.</summary>
/// <param name="AllocatableCpu">Cores.</param>
/// <param name="AllocatableMemory">Bytes.</param>
/// <param name="AllocatableStorage">Bytes.</param>
internal sealed record PodEnvironment(
    AgentOptions Options, IContainerRuntime Runtime, IRegistry Registry, IEndpointDrain Drain, IPodEvents Events, TimeProvider Time,
    VolumeManager Volumes, ProbeScheduler Probes, Prober Prober, decimal AllocatableCpu, decimal AllocatableMemory, decimal AllocatableStorage)
{
    /// <summary>What the engine could give when it was last asked: it may have been set up anew since.</summary>
    public RuntimeIsolation Isolation { get; set; } = new();

    /// <summary>Of the store that the pods are stored in; empty where it has none.</summary>
    public string StoreId { get; init; } = "";

    /// <summary>Creates a container that says for which store it was made. Returns its id.</summary>
    public Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel) => Runtime.CreateAsync(
        StoreId.Length == 0 ? spec : spec with { Labels = new Dictionary<string, string>(spec.Labels) { [ContainerLabels.Store] = StoreId } }, cancel);
}
