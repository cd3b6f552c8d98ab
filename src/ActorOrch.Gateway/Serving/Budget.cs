using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Gateway.Serving;

/// <summary>
/// A limit that all requests share: a number of places, or of bytes. A request that finds none free waits for a while, in the order of coming. As long as there is
/// enough, taking and giving back is one atomic operation each.
/// </summary>
/// <param name="capacity">All there is.</param>
/// <param name="mostWaiting">How many may wait at once; who comes then is refused at once.</param>
/// <param name="whole">What this is a share of: what is taken of it is taken of that, too.</param>
internal sealed class Budget(long capacity, int mostWaiting, TimeProvider time, Budget? whole = null)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private long _left = capacity;
    private int _waiting;

    private sealed class Waiter(long amount) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Amount => amount;
    }

    /// <summary>All there is.</summary>
    public long Capacity { get; } = capacity;

    /// <summary>What nobody has now.</summary>
    public long Left => Interlocked.Read(ref _left);

    /// <summary>Takes so much where it is there, and nobody waits for it.</summary>
    public bool TryTake(long amount)
    {
        // What is larger than a share alone fills it.
        var own = Math.Min(amount, Capacity);
        if (Volatile.Read(ref _waiting) != 0 || !TrySubtract(own)) return false;
        if (whole is null || whole.TryTake(amount)) return true;
        GiveOwn(own);
        return false;
    }

    /// <summary>False where there was not enough for as long as <paramref name="patience"/>.</summary>
    /// <param name="amount">At most the capacity of the whole.</param>
    public ValueTask<bool> TakeAsync(long amount, TimeSpan patience, CancellationToken cancel) =>
        TryTake(amount) ? ValueTask.FromResult(true)
        : whole is null ? WaitAsync(amount, patience, cancel)
        : WaitForBothAsync(whole, amount, patience, cancel);

    /// <summary>Gives back what was taken: the same amount.</summary>
    public void Give(long amount)
    {
        whole?.Give(amount);
        GiveOwn(Math.Min(amount, Capacity));
    }

    private void GiveOwn(long amount)
    {
        Interlocked.Add(ref _left, amount);
        if (Volatile.Read(ref _waiting) == 0) return;
        lock (_gate) Serve();
    }

    // The share first: who waits for its own keeps nothing from others.
    private async ValueTask<bool> WaitForBothAsync(Budget whole, long amount, TimeSpan patience, CancellationToken cancel)
    {
        var own = Math.Min(amount, Capacity);
        var since = time.GetTimestamp();
        if (!await WaitAsync(own, patience, cancel).ConfigureAwait(false)) return false;
        var taken = false;
        try
        {
            return taken = await whole.TakeAsync(amount, Durations.Longer(patience - time.GetElapsedTime(since), TimeSpan.Zero), cancel).ConfigureAwait(false);
        }
        finally
        {
            if (!taken) GiveOwn(own);
        }
    }

    private async ValueTask<bool> WaitAsync(long amount, TimeSpan patience, CancellationToken cancel)
    {
        var waiter = new LinkedListNode<Waiter>(new(amount));
        lock (_gate)
        {
            if (_waiters.Count >= mostWaiting) return false;
            _waiters.AddLast(waiter);
            // Before looking once more: who gives back from here on sees that someone waits.
            Interlocked.Increment(ref _waiting);
            Serve();
        }
        try
        {
            using var timer = DeadlineTimer.Once(time, patience, "the end of a request's patience", () => waiter.Value.TrySetResult(false));
            await using var gone = cancel.Register(w => ((Waiter)w!).TrySetCanceled(cancel), waiter.Value).ConfigureAwait(false);
            return await waiter.Value.Task.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (waiter.List is not null) Remove(waiter);
                // What it would not leave to others is theirs now.
                Serve();
            }
        }
    }

    // In the order of their coming: a large amount is not starved by small ones.
    private void Serve()
    {
        while (_waiters.First is { } first && TrySubtract(first.Value.Amount))
        {
            Remove(first);
            if (!first.Value.TrySetResult(true)) Interlocked.Add(ref _left, first.Value.Amount);
        }
    }

    private void Remove(LinkedListNode<Waiter> waiter)
    {
        _waiters.Remove(waiter);
        Interlocked.Decrement(ref _waiting);
    }

    private bool TrySubtract(long amount)
    {
        var left = Interlocked.Read(ref _left);
        while (left >= amount)
        {
            var seen = Interlocked.CompareExchange(ref _left, left - amount, left);
            if (seen == left) return true;
            left = seen;
        }
        return false;
    }
}
