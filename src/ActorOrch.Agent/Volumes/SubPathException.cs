namespace ActorOrch.Agent.Volumes;

/// <summary>What a <c>subPath</c> names cannot be mounted as things are now; a process in the pod may put that right.</summary>
public sealed class SubPathException(string message, Exception? inner = null) : Exception(message, inner);
