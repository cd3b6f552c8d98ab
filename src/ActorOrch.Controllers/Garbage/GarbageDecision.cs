using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Garbage;

/// <summary>How an owner that an object refers to stands.</summary>
public enum OwnerState
{
    /// <summary>There and staying, or going without waiting for its dependents.</summary>
    Solid,

    /// <summary>Not there: no object of that name, or another incarnation of it.</summary>
    Absent,

    /// <summary>Being deleted, and waiting for its dependents (finalizer <c>foregroundDeletion</c>).</summary>
    Waiting,
}

/// <summary>What the garbage collector does about an object, by its owners. Its own way of deletion is decided by <see cref="Finalizing"/>.</summary>
public abstract record GarbageDecision
{
    /// <summary>It stays as it is.</summary>
    public sealed record Keep : GarbageDecision;

    /// <summary>One owner keeps it; the references to owners that were or are being deleted are removed.</summary>
    public sealed record Drop(IReadOnlySet<string> OwnerUids) : GarbageDecision;

    /// <summary>No owner keeps it.</summary>
    public sealed record Delete(bool Foreground, string Reason) : GarbageDecision;

    /// <summary>Pure; upstream's <c>attemptToDeleteItem</c>.</summary>
    /// <param name="owners">The state of each owner.</param>
    /// <param name="hasDependents">Whether anything refers to the object as its owner.</param>
    public static GarbageDecision Decide(StoredObject obj, IReadOnlyList<(OwnerReference Owner, OwnerState State)> owners, bool hasDependents)
    {
        if (owners.Count == 0 || obj.Meta.DeletionTimestamp is not null) return new Keep();
        var lost = owners.Where(o => o.State != OwnerState.Solid).ToArray();
        if (lost.Length == 0) return new Keep();
        if (lost.Length < owners.Count) return new Drop(lost.Select(o => o.Owner.Uid).ToHashSet());
        var waiting = owners.Any(o => o.State == OwnerState.Waiting);
        return new Delete(waiting && hasDependents, waiting ? "its owner waits for it to go" : "its owner is gone");
    }
}

/// <summary>What an object that is being deleted still waits for. Pure.</summary>
public static class Finalizing
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    public static bool WaitsForDependents(ObjectMeta meta) => meta.DeletionTimestamp is not null && meta.Finalizers.Contains(Foreground);

    public static bool OrphansDependents(ObjectMeta meta) => meta.DeletionTimestamp is not null && meta.Finalizers.Contains(Orphan);

    /// <summary>The dependents that hold up the foreground deletion of <paramref name="owner"/>.</summary>
    public static IEnumerable<StoredObject> Blocking(StoredObject owner, IEnumerable<StoredObject> dependents) =>
        dependents.Where(d => d.Meta.OwnerReferences.Any(o => o.Uid == owner.Uid && o.BlockOwnerDeletion));

    /// <summary>
    /// The uids of all that cannot be removed before <paramref name="obj"/> is: its owners that are deleted in the foreground and that it
    /// blocks, and theirs. An object that is among them, or that depends on it and is, waits for itself: owners may form a circle.
    /// </summary>
    /// <param name="find">The owner that a reference means, or null where there is none.</param>
    public static HashSet<string> WaitingForIts(StoredObject obj, Func<StoredObject, OwnerReference, StoredObject?> find)
    {
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<StoredObject>([obj]);
        while (next.TryPop(out var current))
            foreach (var reference in current.Meta.OwnerReferences)
                if (reference.BlockOwnerDeletion && find(current, reference) is { } owner && WaitsForDependents(owner.Meta) && waiting.Add(owner.Uid)) next.Push(owner);
        return waiting;
    }
}
