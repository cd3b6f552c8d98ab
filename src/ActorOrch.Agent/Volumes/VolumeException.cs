namespace ActorOrch.Agent.Volumes;

/// <summary>A volume could not be set up: <c>FailedMount</c> with these words.</summary>
public sealed class VolumeException(string message, Exception? inner = null) : Exception(message, inner);
