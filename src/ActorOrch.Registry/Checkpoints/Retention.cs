namespace ActorOrch.Registry.Checkpoints;

/// <summary>How long every version of a collection's objects is kept; whichever is less.</summary>
/// <param name="Versions">Changes of the collection.</param>
/// <param name="Age">Since the change was committed.</param>
public readonly record struct Retention(long Versions, TimeSpan Age)
{
    /// <summary>
    /// The checkpoints that are needed: all from the newest that lies wholly behind the window. What comes before it can go, its journal too.
    /// </summary>
    /// <param name="checkpoints">Oldest first, at least one.</param>
    internal IReadOnlyList<Checkpoint> Keep(IReadOnlyList<Checkpoint> checkpoints, long latestRevision, DateTimeOffset now)
    {
        var expired = Expired(now);
        var oldest = checkpoints.Count - 1;
        while (oldest > 0 && checkpoints[oldest].Revision > latestRevision - Versions && checkpoints[oldest].CommittedAtMilliseconds > expired) oldest--;
        return [.. checkpoints.Skip(oldest)];
    }

    /// <summary>What was committed up to then has left the window. Unix time in milliseconds.</summary>
    internal long Expired(DateTimeOffset now) => now.ToUnixTimeMilliseconds() - (long)Age.TotalMilliseconds;
}
