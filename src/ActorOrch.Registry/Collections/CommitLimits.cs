namespace ActorOrch.Registry.Collections;

/// <summary>
/// What one commit takes at most: a writer waits for all that is committed with it. A list of writes that came in one message is never split.
/// </summary>
/// <param name="Bytes">Of the objects' JSON.</param>
public sealed record CommitLimits(int Writes, long Bytes)
{
    internal bool Allows(int writes, long bytes) => writes <= Writes && bytes <= Bytes;
}
