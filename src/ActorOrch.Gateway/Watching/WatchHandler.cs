using System.IO.Pipelines;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Streaming.WebSockets;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Watching;

/// <summary>WATCH: a stream of events, pushed as the collection commits.</summary>
/// <param name="grace">How long a client that was cut because it does not read has for what is on its way.</param>
/// <param name="stopping">Ends all watches when the server stops.</param>
internal sealed class WatchHandler(IRegistry registry, TimeProvider time, Random random, TimeSpan grace, CancellationToken stopping)
{
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);

    // As upstream: without a timeout of the client's own, a watch ends after half an hour to an hour, not all at once.
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMinutes(30);

    public async Task HandleAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var query = ListQuery.Parse(request);
        var filter = ObjectFilter.Of(request, query);
        var collection = registry[request.Type];
        var (start, late) = await TryStartAsync(collection, query, request.Cancel).ConfigureAwait(false);

        if (WebSocketHandshake.IsAsked(request.Http.Request))
        {
            await WatchSocket.RunAsync(
                request.Http, (events, cancel) => RunAsync(request, events, form, query, filter, start, late, cancel), request.Cancel).ConfigureAwait(false);
            return;
        }
        var response = request.Http.Response;
        response.StatusCode = 200;
        response.ContentType = Answer.JsonType;
        await response.StartAsync(request.Cancel).ConfigureAwait(false);
        await response.BodyWriter.FlushAsync(request.Cancel).ConfigureAwait(false);
        await RunAsync(request, response.BodyWriter, form, query, filter, start, late, request.Cancel).ConfigureAwait(false);
    }

    private async Task RunAsync(
        ApiRequest request, PipeWriter body, ResponseForm form, ListQuery query, ObjectFilter filter, (long Revision, Snapshot? Initial) start, ApiException? late,
        CancellationToken cancel)
    {
        var collection = registry[request.Type];
        var backlog = new WatchBacklog(WatchBacklog.MostChanges, body.CancelPendingFlush);
        var stream = new WatchStream(request.Type, body, backlog, form, filter, query.AllowBookmarks, start.Revision,
            request.Unread is { } unread ? flush => unread.AwaitAsync(request.Http, request.Room?.Unread, flush) : null);
        if (late is not null)
        {
            await stream.FailAsync(late, cancel).ConfigureAwait(false);
            return;
        }
        var timeout = query.Timeout ?? LeastTimeout * (1 + random.NextDouble());
        using (stopping.Register(() => backlog.Post(WatchBatch.End)))
        using (collection.Gone.Register(() => backlog.Post(WatchBatch.End)))
        await using (DeadlineTimer.Once(time, timeout, "the end of a watch", () => backlog.Post(WatchBatch.End)).ConfigureAwait(false))
        using (BookmarkTimer(query, backlog))
        {
            var initial = start.Initial;
            var end = WatchEnd.ThreadLost;
            while (end == WatchEnd.ThreadLost)
            {
                using var follower = await FollowAsync(collection, stream, backlog, cancel).ConfigureAwait(false);
                if (follower is null)
                {
                    if (stream.Torn) request.Http.Abort();
                    return;
                }
                if (initial is not null && !await stream.SendInitialAsync(initial, query.SendInitialEvents == true, cancel).ConfigureAwait(false))
                {
                    if (stream.Torn) request.Http.Abort();
                    return;
                }
                initial = null;
                end = await stream.RunAsync(cancel).ConfigureAwait(false);
            }
        }
        if (stream.Torn) request.Http.Abort();
        else if (backlog.Overrun) CutInTime(request.Http);
    }

    // The end of the answer waits behind what the client does not read: left to itself, its connection would stay for ever.
    private void CutInTime(HttpContext context) =>
        context.Response.RegisterForDisposeAsync(DeadlineTimer.Once(time, grace, "the cut of a watch", context.Abort));

    /// <summary>Sends what memory no longer holds as fast as the client reads it, then goes live. Null where the watch has ended before that.</summary>
    private static async ValueTask<Follower?> FollowAsync(
        ICollection collection, WatchStream stream, WatchBacklog backlog, CancellationToken cancel)
    {
        backlog.Unbound();
        try
        {
            await foreach (var changes in collection.ReadChangesAsync(stream.Revision, cancel).ConfigureAwait(false))
                if (!await stream.SendHistoryAsync(changes, cancel).ConfigureAwait(false)) return null;
            // A client that is ahead of this process waits: the stream leaves out what it has seen already. Where memory has let go of more while
            // the client was reading, the backlog begins with that, and the next round reads it from the store.
            var follower = Follower.Call(
                collection, new(_ => backlog.Lose(), backlog.Add), Math.Min(stream.Revision, collection.Latest.Revision), mayWait: true);
            backlog.Bound();
            return follower;
        }
        catch (ApiException failure)
        {
            // Past the checks of the request itself, a watch fails with an event and not with an answer.
            await stream.FailAsync(failure, cancel).ConfigureAwait(false);
            return null;
        }
    }

    private DeadlineTimer? BookmarkTimer(ListQuery query, WatchBacklog backlog) =>
        query.AllowBookmarks ? DeadlineTimer.Every(time, BookmarkEvery, "a bookmark", () => backlog.Post(WatchBatch.Bookmark)) : null;

    // As upstream: a watch whose first picture does not come in time has begun, and fails with an event.
    private async ValueTask<((long Revision, Snapshot? Initial) Start, ApiException? Late)> TryStartAsync(ICollection collection, ListQuery query, CancellationToken cancel)
    {
        try
        {
            return (await StartAsync(collection, query, cancel).ConfigureAwait(false), null);
        }
        catch (ApiException late) when (late.Code == 504)
        {
            return (default, late);
        }
    }

    /// <summary>From which revision on changes are sent, and what is sent before them.</summary>
    private async ValueTask<(long Revision, Snapshot? Initial)> StartAsync(ICollection collection, ListQuery query, CancellationToken cancel)
    {
        if (query.SendInitialEvents is null && query.Revision is { } after and > 0) return (after, null);
        var snapshot = await SnapshotReading.ReadAsync(collection, query.Revision, time, cancel).ConfigureAwait(false);
        if (query.SendInitialEvents != false) return (snapshot.Revision, snapshot);
        return (query.Revision is { } from and > 0 ? from : snapshot.Revision, null);
    }
}
