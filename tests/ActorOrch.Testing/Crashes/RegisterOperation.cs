namespace ActorOrch.Testing.Crashes;

/// <summary>What a client did to one register, and what it was told; times in ticks of one clock.</summary>
/// <param name="Returned">When the answer came; <see cref="long.MaxValue"/> where none came, or none that says what happened.</param>
public abstract record RegisterOperation(long Invoked, long Returned)
{
    /// <summary>Whether the client knows what happened.</summary>
    public bool IsCompleted => Returned != long.MaxValue;

    /// <summary>Saw <paramref name="Value"/>. A read without an answer says nothing and is left out of a history.</summary>
    public sealed record Read(long Invoked, long Returned, string Value) : RegisterOperation(Invoked, Returned);

    /// <summary>Wanted to turn <paramref name="Expected"/> into <paramref name="New"/>.</summary>
    /// <param name="Done">Whether it was told that this happened; without meaning where it was told nothing.</param>
    public sealed record CompareAndSet(long Invoked, long Returned, string Expected, string New, bool Done) : RegisterOperation(Invoked, Returned);

    /// <summary>The register's value after the operation, where it can take effect at <paramref name="value"/> with the answer it got; else null.</summary>
    internal string? Step(string value) => this switch
    {
        Read read => read.Value == value ? value : null,
        CompareAndSet { IsCompleted: false } set => set.Expected == value ? set.New : null,
        CompareAndSet { Done: true } set => set.Expected == value ? set.New : null,
        CompareAndSet set => set.Expected == value ? null : value,
        _ => throw new InvalidOperationException($"unknown operation {GetType()}"),
    };
}
