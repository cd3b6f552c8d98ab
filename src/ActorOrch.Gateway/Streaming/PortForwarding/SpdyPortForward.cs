using ActorOrch.Gateway.Streaming.Spdy;
using ActorOrch.Registry.Timing;

namespace ActorOrch.Gateway.Streaming.PortForwarding;

/// <summary>
/// The streams of <c>portforward.k8s.io</c>: for each connection the client opens an error stream and a data stream, which name it by the same
/// request.
/// </summary>
internal sealed class SpdyPortForward(SpdyConnection connection, PortForwarder forwarder, TimeProvider time)
{
    public const string Protocol = "portforward.k8s.io";

    /// <summary>For the second stream of a connection to follow the first, as upstream's.</summary>
    private const string ExpiryOfHalf = "the end of half a forwarding";
    private static readonly TimeSpan PairPatience = TimeSpan.FromSeconds(30);

    // Streams whose other half has not come yet.
    private const int MostHalfOpen = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HalfOpen> _halfOpen = [];
    private readonly HashSet<Task> _running = [];

    private sealed record HalfOpen(bool IsError, SpdyStream Stream, DeadlineTimer Expiry);

    /// <summary>Until the client has disconnected, and with it all connections.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = connection.RunAsync(over.Token);
        try
        {
            await foreach (var stream in connection.Opened.ReadAllAsync(cancel).ConfigureAwait(false)) await OpenedAsync(stream, over.Token).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            Task[] left;
            lock (_gate)
            {
                left = [.. _running];
                foreach (var half in _halfOpen.Values) half.Expiry.Dispose();
            }
            await Task.WhenAll([reading, .. left]).ConfigureAwait(false);
        }
    }

    private async Task OpenedAsync(SpdyStream stream, CancellationToken cancel)
    {
        if (PortForwardHeaders.Read(stream.Id, stream.Headers) is not { } headers || !TryPair(headers, stream, out var other, cancel))
        {
            await stream.ResetAsync(SpdyStatus.ProtocolError, cancel).ConfigureAwait(false);
            return;
        }
        await stream.AcceptAsync(cancel).ConfigureAwait(false);
        if (other is not null) Start(headers.IsError ? Streams(headers.Port, stream, other) : Streams(headers.Port, other, stream), cancel);
    }

    /// <param name="other">The connection's stream that came before, if any.</param>
    /// <returns>False where the client has opened the same one twice, or too many of which it does not open the other.</returns>
    private bool TryPair(PortForwardHeaders headers, SpdyStream stream, out SpdyStream? other, CancellationToken cancel)
    {
        other = null;
        lock (_gate)
        {
            if (_halfOpen.TryGetValue(headers.RequestId, out var half))
            {
                if (half.IsError == headers.IsError) return false;
                _halfOpen.Remove(headers.RequestId);
                half.Expiry.Dispose();
                other = half.Stream;
                return true;
            }
            if (_halfOpen.Count >= MostHalfOpen) ForgetReset();
            if (_halfOpen.Count >= MostHalfOpen) return false;
            var expiry = DeadlineTimer.Once(time, PairPatience, ExpiryOfHalf, () => Unawaited.Observe(ExpiryOfHalf, ExpireAsync(headers.RequestId, stream, cancel)));
            _halfOpen[headers.RequestId] = new(headers.IsError, stream, expiry);
            return true;
        }
    }

    // The client has reset these before it opened the other half.
    private void ForgetReset()
    {
        foreach (var (id, half) in _halfOpen.ToArray())
        {
            if (!half.Stream.IsOver) continue;
            half.Expiry.Dispose();
            _halfOpen.Remove(id);
        }
    }

    private async Task ExpireAsync(string requestId, SpdyStream stream, CancellationToken cancel)
    {
        lock (_gate)
            if (!_halfOpen.TryGetValue(requestId, out var half) || half.Stream != stream || !_halfOpen.Remove(requestId)) return;
        try
        {
            await stream.ResetAsync(SpdyStatus.Cancel, cancel).ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // The client has disconnected meanwhile.
        }
    }

    private static PortForwardStreams Streams(int port, SpdyStream error, SpdyStream data) => new(port, data.Input, data.Output, error.Output);

    private void Start(PortForwardStreams streams, CancellationToken cancel)
    {
        var forwarding = forwarder.RunAsync(streams, cancel);
        lock (_gate)
            if (!_running.Add(forwarding)) return;
        _ = forwarding.ContinueWith(
            done =>
            {
                lock (_gate) _running.Remove(done);
            }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
