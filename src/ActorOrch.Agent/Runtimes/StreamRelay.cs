using System.Buffers;
using System.Net.Sockets;
using ActorOrch.Registry.Timing;

namespace ActorOrch.Agent.Runtimes;

/// <summary>Carries bytes between a caller's streams and a connection. Nothing is read that cannot be passed on yet.</summary>
internal static class StreamRelay
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>For what a client still sends to a pod that sends no more, as upstream's runtimes.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Until both directions have ended. Either one's failure, a reset say, ends the other too and is no failure of the relay; so does, a
    /// moment later, the end of what the pod sends: a client that waits for the whole to end does not end its own half.
    /// </summary>
    /// <param name="time">Measures that moment.</param>
    public static async Task RunAsync(Socket connection, Stream fromClient, Stream toClient, CancellationToken cancel, TimeProvider? time = null)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var pod = new NetworkStream(connection, ownsSocket: false);
        var fromPod = DirectionAsync(async () =>
        {
            await CopyAsync(pod, toClient, broken.Token).ConfigureAwait(false);
            await toClient.DisposeAsync().ConfigureAwait(false);
        }, broken);
        var toPod = DirectionAsync(async () =>
        {
            await CopyAsync(fromClient, pod, broken.Token).ConfigureAwait(false);
            connection.Shutdown(SocketShutdown.Send);
        }, broken);
        await fromPod.ConfigureAwait(false);
        await using (DeadlineTimer.Once(time ?? TimeProvider.System, LastWords, "the end of a connection to a pod", broken.Cancel).ConfigureAwait(false))
            await toPod.ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Passes each piece on as it comes.</summary>
    public static async Task CopyAsync(Stream from, Stream to, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await from.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var count)
                await to.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task DirectionAsync(Func<Task> copy, CancellationTokenSource broken)
    {
        try
        {
            await copy().ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await broken.CancelAsync().ConfigureAwait(false);
        }
    }
}
