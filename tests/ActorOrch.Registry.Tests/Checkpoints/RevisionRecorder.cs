using System.Collections.Concurrent;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;

namespace ActorOrch.Registry.Tests.Checkpoints;

/// <summary>Writes down the revisions it is told of, and tells when it has come so far.</summary>
internal sealed class RevisionRecorder : IChangeObserver
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _until = long.MaxValue;

    public ConcurrentQueue<long> Revisions { get; } = new();

    /// <summary>Whether it was given everything, for want of changes.</summary>
    public bool Lost { get; private set; }

    public Task AtLeast(long revision)
    {
        Volatile.Write(ref _until, revision);
        return _reached.Task;
    }

    public void OnChanges(IReadOnlyList<Change> changes, Snapshot after)
    {
        foreach (var change in changes) Revisions.Enqueue(change.Revision);
        if (after.Revision >= Volatile.Read(ref _until)) _reached.TrySetResult();
    }

    public void OnReset(Snapshot current)
    {
        Lost = true;
        _reached.TrySetException(new InvalidOperationException($"reset at {current.Revision}"));
    }
}
