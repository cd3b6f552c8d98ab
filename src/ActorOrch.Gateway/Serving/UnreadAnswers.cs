using System.IO.Pipelines;
using ActorOrch.Registry;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway;

/// <summary>Cuts the connection of a client that asks for a long answer and does not read it.</summary>
/// <param name="patience">How long the next piece of an answer may wait to be taken.</param>
internal sealed class UnreadAnswers(TimeProvider time, TimeSpan patience)
{
    /// <summary>An answer below this lies in the server's own buffers until it is read, however it is written.</summary>
    public const int LongAnswer = 32 * 1024;

    /// <summary>Waits until a long answer that was written whole has been taken, but for what the server's own buffers hold.</summary>
    public ValueTask SettleAsync(HttpContext http)
    {
        if (!(http.Response.ContentLength > LongAnswer) || !http.Response.HasStarted) return default;
        var flush = http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        return flush.IsCompletedSuccessfully ? default : WaitAsync(http, flush);
    }

    /// <summary>Waits for a flush that is under way. The client has gone, or is cut, where the result is completed.</summary>
    public async ValueTask<FlushResult> AwaitAsync(HttpContext http, ValueTask<FlushResult> flush)
    {
        using var timer = DeadlineTimer.Once(time, patience, "the cut of an answer that nobody reads", http.Abort);
        return await flush.ConfigureAwait(false);
    }

    private async ValueTask WaitAsync(HttpContext http, ValueTask<FlushResult> flush) => await AwaitAsync(http, flush).ConfigureAwait(false);
}
