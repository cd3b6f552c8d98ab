namespace ActorOrch.Agent.Volumes;

/// <summary>Something below a pod's directory is not the agent's to delete: it stays, with the directory, and the message names it.</summary>
public sealed class VolumeLeftException(string message) : IOException(message);
