namespace ActorOrch.Registry.Health;

/// <summary>One thing that has to work for a process to be ready: a line of <c>/readyz?verbose</c>.</summary>
public interface IHealthCheck
{
    /// <summary>As the line names it: lower case, without spaces, and no other's.</summary>
    string Name { get; }

    /// <summary>
    /// Null while all is well, else what is wrong, in half a sentence for an administrator. It is asked at most once at a time and about once
    /// a second; where it takes longer than the caller's patience, or throws, that is the failure.
    /// </summary>
    ValueTask<string?> CheckAsync(CancellationToken cancel);
}
