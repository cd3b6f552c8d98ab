using ActorOrch.Resources.Objects;

namespace ActorOrch.Reconciling;

/// <summary>
/// Tells the reconciler of <paramref name="Key"/> to look again. It says that something changed, never what: any number of wakes
/// may be folded into one run, and one too many does no harm.
/// </summary>
/// <param name="Collection">The collection whose change is the cause, or null where there is none (a timer, a start).</param>
/// <param name="Revision">The change's revision: the run waits until this process's mirror has seen it.</param>
public sealed record Wake(ObjectKey Key, string? Collection = null, long Revision = 0)
{
    public override string ToString() => Collection is null ? "wake" : $"{Collection}@{Revision}";
}
