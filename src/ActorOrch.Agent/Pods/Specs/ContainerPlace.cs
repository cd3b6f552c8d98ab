using ActorOrch.Agent.Runtimes;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>Where a container of a pod runs.</summary>
/// <param name="Sandbox">The container that holds what the pod's containers share; null where a container shares with nobody.</param>
public sealed record ContainerPlace(NetworkMode Network, string? Sandbox);
