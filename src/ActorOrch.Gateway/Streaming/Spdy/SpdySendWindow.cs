namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>
/// How much may be sent of a stream, or of all of a connection (SPDY/3.1 §2.6.8). Clients in the field neither grant nor expect grants, so a
/// window bounds nothing until its peer is seen to use them.
/// </summary>
internal sealed class SpdySendWindow(int initial)
{
    public const int Default = 64 * 1024;

    private readonly Lock _gate = new();
    private long _credit = initial;
    private bool _bounded;
    private bool _closed;
    private TaskCompletionSource? _changed;

    /// <summary>Takes up to so many bytes, as soon as there are any to be had; all of them where the window is closed, as then nothing is sent.</summary>
    public async ValueTask<int> TakeAsync(int wanted, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (!_bounded || _closed)
                {
                    _credit -= wanted;
                    return wanted;
                }
                if (_credit > 0)
                {
                    var taken = (int)Math.Min(wanted, _credit);
                    _credit -= taken;
                    return taken;
                }
                changed = (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await changed.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Gives back what was taken and not used; or, by the peer, more (negative where it has made its windows smaller).</summary>
    public void Grant(long bytes)
    {
        lock (_gate)
        {
            _credit += bytes;
            Signal();
        }
    }

    /// <summary>The peer grants: from now on what it has not granted is not sent.</summary>
    public void Bound()
    {
        lock (_gate) _bounded = true;
    }

    /// <summary>Whoever waits need not any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Signal();
        }
    }

    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
