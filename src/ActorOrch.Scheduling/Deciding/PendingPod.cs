using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Deciding;

/// <summary>A pod that waits for a node.</summary>
/// <param name="Object">The version last seen.</param>
public sealed record PendingPod(StoredObject Object, PodShape Shape, int Priority)
{
    public ObjectKey Key => Object.Key;
    public string Uid => Object.Uid;
    public PodIdentity Identity => PodIdentity.Of(Object);

    /// <summary>Higher priority first, then the older, then by name.</summary>
    public static readonly IComparer<PendingPod> InTurn = Comparer<PendingPod>.Create(static (a, b) =>
    {
        var byPriority = b.Priority.CompareTo(a.Priority);
        if (byPriority != 0) return byPriority;
        var byAge = a.Object.Meta.CreationTimestamp.CompareTo(b.Object.Meta.CreationTimestamp);
        return byAge != 0 ? byAge : a.Key.CompareTo(b.Key);
    });
}
