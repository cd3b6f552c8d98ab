using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>A writer's place at the head of an object's queue of writes: the next one follows when its write is on its way, or when this is disposed.</summary>
internal sealed class WriteTurn(ObjectTurns turns, ResourceId resource, ObjectKey key, Action leave) : IDisposable
{
    private const long Unknown = long.MaxValue;

    private Task<WriteResult>? _below;
    private int _broken;
    private bool _released;

    /// <summary>
    /// What the write is made on top of, where that is not durable yet; null where the newest version is to be read. Its revision is not yet
    /// known, and said to be one that nothing will ever have.
    /// </summary>
    public StoredObject? Basis { get; private set; }

    internal async ValueTask BeginAsync(bool onTop, CancellationToken cancel)
    {
        var (draft, written, broken) = turns.Top();
        _broken = broken;
        if (written is null) return;
        if (onTop && draft is not null) (Basis, _below) = (new(resource, key, Unknown, draft.AtRevision(Unknown)), written);
        // Whatever became of it, its own writer is told.
        else await ((Task)written.WaitAsync(cancel)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>The basis as it was committed; null where it was lost.</summary>
    public async ValueTask<StoredObject?> CommittedBasisAsync(CancellationToken cancel)
    {
        var result = await _below!.WaitAsync(cancel).ConfigureAwait(false);
        return result.Outcome == WriteOutcome.Committed ? result.Object : null;
    }

    /// <summary>Sends the write and lets the next one in the queue begin; completes when the write is durable or has failed.</summary>
    public Task<WriteResult> WriteAsync(Write write, long expectedRevision, CancellationToken cancel)
    {
        var written = turns.WriteAsync(write, Basis is null ? expectedRevision : null, _broken);
        Release();
        return written.WaitAsync(cancel);
    }

    public void Dispose()
    {
        Release();
        leave();
    }

    private void Release()
    {
        if (_released) return;
        _released = true;
        turns.Release();
    }
}
