using ActorOrch.Registry.Health;
using ActorOrch.Registry.Timing;

namespace ActorOrch.Gateway.Health;

/// <summary>A check that costs little however often it is asked for: one at a time, its outcome good for a moment, and never waited for long.</summary>
internal sealed class BoundedHealthCheck(IHealthCheck check, TimeProvider time)
{
    /// <summary>How long an outcome is given to others who ask.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    /// <summary>What takes longer has failed.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Task<string?>? _latest;
    private Task<string?>? _running;
    private long _endedAt;

    public string Name => check.Name;

    /// <summary>Null while all is well, else what is wrong. Never throws.</summary>
    public Task<string?> CheckAsync()
    {
        lock (_gate)
        {
            if (_latest is { } latest && (!latest.IsCompleted || time.GetElapsedTime(Volatile.Read(ref _endedAt)) < Freshness)) return latest;
            return _latest = RunAsync();
        }
    }

    private async Task<string?> RunAsync()
    {
        // One that hangs is waited for again, and not joined by others.
        if (_running is not { IsCompleted: false }) _running = StartAsync();
        using var patience = new Patience(Deadline, CancellationToken.None, time);
        try
        {
            return await _running.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {Deadline.TotalSeconds:0} s";
        }
        finally
        {
            Volatile.Write(ref _endedAt, time.GetTimestamp());
        }
    }

    private async Task<string?> StartAsync()
    {
        using var patience = new Patience(Deadline, CancellationToken.None, time);
        try
        {
            // Not on the thread that asks: it holds the gate.
            await Task.Yield();
            return await check.CheckAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {Deadline.TotalSeconds:0} s";
        }
        catch (Exception failure)
        {
            return failure.Message;
        }
    }
}
