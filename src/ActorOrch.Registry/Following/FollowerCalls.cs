using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;

namespace ActorOrch.Registry.Following;

/// <summary>Calls the owner of a follower on the publisher's thread.</summary>
internal sealed class FollowerCalls(FollowerHandlers handlers, bool mayWait) : IChangeObserver
{
    public bool MayWait => mayWait;

    public void OnChanges(IReadOnlyList<Change> changes, Snapshot after) => handlers.Changed(changes);

    public void OnReset(Snapshot current) => handlers.All(current);

    /// <summary>For the log.</summary>
    public override string ToString() => $"{handlers.All.Target?.GetType().Name ?? handlers.All.Method.DeclaringType?.Name}";
}
