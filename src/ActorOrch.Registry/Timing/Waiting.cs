namespace ActorOrch.Registry.Timing;

/// <summary>Waits of any length.</summary>
public static class Waiting
{
    /// <summary>Completes when the wait is over; at once where it is not positive.</summary>
    public static async Task WaitAsync(this TimeProvider time, TimeSpan wait, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (wait <= TimeSpan.Zero) return;
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = DeadlineTimer.Once(time, wait, "a wait", () => over.TrySetResult());
        await over.Task.WaitAsync(cancel).ConfigureAwait(false);
    }
}
