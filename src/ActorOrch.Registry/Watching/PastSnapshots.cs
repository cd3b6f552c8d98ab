using ActorOrch.Registry.Collections;

namespace ActorOrch.Registry.Watching;

/// <summary>
/// Snapshots of the past that were asked for lately, for the next page of the same list. Who asks for one that is just being rebuilt waits
/// for it; one that nobody asks for any more is dropped.
/// </summary>
internal sealed class PastSnapshots(TimeProvider time)
{
    private readonly IdleCache<Task<Snapshot?>> _snapshots = new(time);

    /// <summary>The snapshot of a revision; null where <paramref name="rebuild"/> finds that it is no longer kept.</summary>
    public Task<Snapshot?> GetAsync(long revision, Func<long, Task<Snapshot?>> rebuild) =>
        _snapshots.GetOrAdd(revision, rebuild, worthKeeping: static s => !s.IsCompleted || (s.IsCompletedSuccessfully && s.Result is not null));
}
