namespace ActorOrch.Registry.Timing;

/// <summary>A token that is cancelled when a wait is over, however long it is, or with another. Dispose it when the work is done.</summary>
public sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly DeadlineTimer _timer;
    private volatile bool _over;

    /// <param name="wait">From now; not positive: it is over at once.</param>
    public Patience(TimeSpan wait, CancellationToken cancel, TimeProvider? time = null)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Token = _source.Token;
        _timer = new(time ?? TimeProvider.System, "a deadline", End);
        if (wait > TimeSpan.Zero) _timer.Set(wait);
        else End();
    }

    public CancellationToken Token { get; }

    /// <summary>Whether the wait is over.</summary>
    public bool IsOver => _over;

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void End()
    {
        _over = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work was done at the last moment.
        }
    }
}
