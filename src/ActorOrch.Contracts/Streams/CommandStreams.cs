namespace ActorOrch.Contracts.Streams;

/// <summary>The caller's side of a process. What is null was not asked for.</summary>
/// <param name="Stdin">Its end closes the process's standard input.</param>
/// <param name="Stderr">Never together with <paramref name="Tty"/>: a terminal has one output.</param>
/// <param name="Sizes">Of the caller's terminal, as they change; with <paramref name="Tty"/> only.</param>
public sealed record CommandStreams(Stream? Stdin, Stream? Stdout, Stream? Stderr, bool Tty, IAsyncEnumerable<TerminalSize>? Sizes);

/// <summary>In characters.</summary>
public readonly record struct TerminalSize(ushort Width, ushort Height);

/// <summary>The node could not join a process or a port to its caller, in the runtime's words.</summary>
public sealed class PodStreamException(string message, Exception? inner = null) : Exception(message, inner);
