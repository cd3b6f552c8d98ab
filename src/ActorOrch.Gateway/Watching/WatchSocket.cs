using System.Buffers;
using System.IO.Pipelines;
using ActorOrch.Gateway.Streaming;
using ActorOrch.Gateway.Streaming.WebSockets;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Watching;

/// <summary>A watch over a WebSocket: each event is a text message.</summary>
internal static class WatchSocket
{
    /// <summary>Until the watch has ended or the client has disconnected.</summary>
    /// <param name="watch">Writes the events, each with a line's end, as to the body of an answer.</param>
    public static async Task RunAsync(HttpContext http, Func<PipeWriter, CancellationToken, Task> watch, CancellationToken cancel)
    {
        var protocol = WebSocketHandshake.Offered(http.Request).FirstOrDefault() ?? "";
        using var socket = await WebSocketHandshake.AcceptAsync(http, protocol).ConfigureAwait(false);
        await using var output = new OneWaySocket(socket, text: true);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var events = new Pipe();
        var gone = output.DrainAsync(over.Token);
        var sending = SendAsync(events.Reader, output, over.Token);
        var watching = WatchAsync(events.Writer, watch, over.Token);
        if (await Task.WhenAny(watching, gone).ConfigureAwait(false) == gone) await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(watching, sending).ConfigureAwait(false);
        await output.DisposeAsync().ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await gone.ConfigureAwait(false);
    }

    private static async Task WatchAsync(PipeWriter events, Func<PipeWriter, CancellationToken, Task> watch, CancellationToken cancel)
    {
        try
        {
            await watch(events, cancel).ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone) && cancel.IsCancellationRequested)
        {
            // The client has disconnected: there is no one to tell anything.
        }
        finally
        {
            await events.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(PipeReader events, OneWaySocket output, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                var read = await events.ReadAsync(cancel).ConfigureAwait(false);
                var left = read.Buffer;
                while (left.PositionOf((byte)'\n') is { } end)
                {
                    var next = left.GetPosition(1, end);
                    await output.WriteAsync(left.Slice(0, next).ToArray(), cancel).ConfigureAwait(false);
                    left = left.Slice(next);
                }
                events.AdvanceTo(left.Start, left.End);
                if (read.IsCompleted) return;
            }
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // Completed, the pipe tells the watch that no one reads it any more.
        }
        finally
        {
            await events.CompleteAsync().ConfigureAwait(false);
        }
    }
}
