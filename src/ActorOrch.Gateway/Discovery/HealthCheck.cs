namespace ActorOrch.Gateway;

/// <summary>One line of <c>/readyz?verbose</c>.</summary>
/// <param name="Failure">Null while all is well, else what is wrong. Called on each request: it must not block.</param>
public sealed record HealthCheck(string Name, Func<string?> Failure);
