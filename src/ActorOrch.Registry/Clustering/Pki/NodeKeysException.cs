namespace ActorOrch.Registry.Clustering.Pki;

/// <summary>The keys of a process of a cluster cannot be used as they are; the message names the file and says what to do.</summary>
public sealed class NodeKeysException(string message, Exception? inner = null) : Exception(message, inner);
