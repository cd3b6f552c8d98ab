namespace ActorOrch.Agent.Pods.Specs;

/// <summary>What the container's spec refers to is missing or unusable: <c>CreateContainerConfigError</c> with these words.</summary>
public sealed class ContainerConfigException(string message) : Exception(message);
