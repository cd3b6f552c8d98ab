using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>What a pod's containers and volumes may refer to besides its object.</summary>
/// <param name="PodAddresses">The pod's addresses, main one first.</param>
/// <param name="AllocatableCpu">Cores; what <c>limits.cpu</c> says of a container without a limit.</param>
/// <param name="AllocatableMemory">Bytes, likewise.</param>
/// <param name="AllocatableStorage">Bytes of the disk, likewise.</param>
public sealed record PodContext(
    V1Pod Pod, IReadOnlyList<string> PodAddresses, IReadOnlyList<string> HostAddresses, decimal AllocatableCpu, decimal AllocatableMemory, decimal AllocatableStorage = 0);
