using System.IO.Pipelines;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Serving;

/// <summary>Cuts the connection, or the stream of one, of a client that asks for an answer and does not read it.</summary>
/// <param name="patience">How long the next piece of an answer may wait to be taken, as long as there is room for those that wait.</param>
internal sealed class UnreadAnswers(TimeProvider time, TimeSpan patience)
{
    /// <summary>An answer below this lies in the server's own buffers until it is read, however it is written.</summary>
    public const int LongAnswer = 32 * 1024;

    /// <summary>Likewise for one of the hundred streams that a connection of HTTP/2 may have.</summary>
    private const int LongStream = 8 * 1024;

    /// <summary>What an answer that waits holds, at most: a piece of it, as text and encrypted, and what its connection buffers.</summary>
    public const int HeldBytes = 256 * 1024;

    private readonly TimeProvider _time = time;
    private readonly TimeSpan _patience = patience;

    /// <summary>Beyond the room for those that wait. Who reads at all takes a piece in far less.</summary>
    private static readonly TimeSpan Crowded = TimeSpan.FromSeconds(2);

    /// <summary>Waits until a long answer that was written whole has been taken, but for what the server's own buffers hold.</summary>
    /// <param name="room">For those that wait; null: none is kept.</param>
    public ValueTask SettleAsync(HttpContext http, Budget? room)
    {
        if (!http.Response.HasStarted) return default;
        if (!(http.Response.ContentLength > (HttpProtocol.IsHttp2(http.Request.Protocol) ? LongStream : LongAnswer))) return default;
        var flush = http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        return flush.IsCompletedSuccessfully ? default : WaitAsync(http, room, flush);
    }

    /// <summary>Waits for a flush that is under way. The client has disconnected, or is cut off, where the result is completed.</summary>
    /// <inheritdoc cref="SettleAsync"/>
    public async ValueTask<FlushResult> AwaitAsync(HttpContext http, Budget? room, ValueTask<FlushResult> flush)
    {
        using var waiting = new Waiting(this, http, room);
        return await flush.ConfigureAwait(false);
    }

    private async ValueTask WaitAsync(HttpContext http, Budget? room, ValueTask<FlushResult> flush) => await AwaitAsync(http, room, flush).ConfigureAwait(false);

    private readonly struct Waiting : IDisposable
    {
        private readonly Budget? _held;
        private readonly DeadlineTimer _timer;

        public Waiting(UnreadAnswers answers, HttpContext http, Budget? room)
        {
            var crowded = room?.TryTake(HeldBytes) == false;
            _held = crowded ? null : room;
            _timer = DeadlineTimer.Once(
                answers._time, crowded ? Durations.Shorter(answers._patience, Crowded) : answers._patience, "the cut of an answer that nobody reads", http.Abort);
        }

        public void Dispose()
        {
            _timer.Dispose();
            _held?.Give(HeldBytes);
        }
    }
}
