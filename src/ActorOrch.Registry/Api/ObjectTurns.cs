using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Timing;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>
/// The writes of this process to one object, in order. Each is made on top of the one before it, which need not be durable yet: what gathers
/// while a commit is on its way goes with the next one, so that a hot object commits as many at once as many objects do.
/// </summary>
internal sealed class ObjectTurns(ICollection collection)
{
    // Of what goes in one message.
    private const int MostWrites = 64;
    private const int MostBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Queue<Waiting> _waiting = new();
    private int _users;
    private bool _sending;
    private int _broken;
    private long _revision;
    private ObjectDraft? _top;
    private Task<WriteResult>? _topWritten;

    /// <param name="Expected">The revision that it replaces; null for whatever the write before it made.</param>
    private sealed record Waiting(Write Write, long? Expected, TaskCompletionSource<WriteResult> Written);

    /// <summary>False where nobody has used it any more, and it is no longer to be found.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_users < 0) return false;
            _users++;
            return true;
        }
    }

    /// <summary>True for the last one: nobody can enter any more.</summary>
    public bool Leave()
    {
        lock (_gate)
        {
            if (--_users > 0) return false;
            _users = -1;
            return true;
        }
    }

    public Task WaitAsync(CancellationToken cancel) => _turn.WaitAsync(cancel);

    public void Release() => _turn.Release();

    /// <summary>What the next write is made on top of, where that is not durable yet; and how often what was made so has been lost.</summary>
    public (ObjectDraft? Draft, Task<WriteResult>? Written, int Broken) Top()
    {
        lock (_gate) return (_top, _topWritten, _broken);
    }

    /// <summary>Only for the writer that is first in the queue. Completes when the write is durable or has failed.</summary>
    /// <param name="expected">The revision that it replaces; null for one on top of the write before it.</param>
    /// <param name="broken">As <see cref="Top"/> told it: what was made on top of something that was lost since then is in conflict.</param>
    public Task<WriteResult> WriteAsync(Write write, long? expected, int broken)
    {
        var written = new TaskCompletionSource<WriteResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (expected is null && broken != _broken) return Task.FromResult(new WriteResult(WriteOutcome.Conflict));
            _waiting.Enqueue(new(write, expected, written));
            _top = (write as Write.Replace)?.Draft;
            _topWritten = written.Task;
            if (_sending) return written.Task;
            _sending = true;
        }
        Unawaited.Observe("the writes to one object", SendAllAsync());
        return written.Task;
    }

    private async Task SendAllAsync()
    {
        while (Next() is { Count: > 0 } batch)
        {
            IReadOnlyList<WriteResult> results;
            try
            {
                results = await collection.WriteAsync(Chain(batch)).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                foreach (var lost in Break()) lost.Written.SetResult(new(WriteOutcome.Conflict));
                foreach (var failed in batch) failed.Written.SetException(failure);
                continue;
            }
            IReadOnlyCollection<Waiting> behind = [];
            if (results.All(r => r.Outcome == WriteOutcome.Committed)) _revision = results[^1].Object!.Revision;
            else behind = Break();
            for (var i = 0; i < results.Count; i++) batch[i].Written.SetResult(results[i]);
            foreach (var lost in behind) lost.Written.SetResult(new(WriteOutcome.Conflict));
        }
    }

    private List<Waiting> Next()
    {
        var batch = new List<Waiting>();
        var bytes = 0;
        lock (_gate)
        {
            while (batch.Count < MostWrites && _waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Write.Bytes <= MostBytes))
            {
                batch.Add(_waiting.Dequeue());
                bytes += next.Write.Bytes;
            }
            if (batch.Count > 0) return batch;
            _sending = false;
            (_top, _topWritten) = (null, null);
            return batch;
        }
    }

    /// <summary>What was made on top of a write that was not committed is in conflict.</summary>
    private Waiting[] Break()
    {
        lock (_gate)
        {
            _broken++;
            (_top, _topWritten) = (null, null);
            var behind = _waiting.ToArray();
            _waiting.Clear();
            return behind;
        }
    }

    private Write[] Chain(List<Waiting> batch)
    {
        var writes = new Write[batch.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            var expected = batch[i].Expected ?? (i == 0 ? _revision : Write.AfterPrevious);
            writes[i] = batch[i].Write switch
            {
                Write.Replace replace => replace with { ExpectedRevision = expected },
                Write.Remove remove => remove with { ExpectedRevision = expected },
                var other => throw new ArgumentException($"{other.GetType()} cannot be queued", nameof(batch)),
            };
        }
        return writes;
    }
}
