namespace ActorOrch.Registry.Persistence;

/// <summary>What is stored is not what was written, and a collection cannot be recovered. The message names the row.</summary>
public sealed class StoreDamagedException(string message) : Exception(message);
