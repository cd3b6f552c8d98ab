using System.IO.Compression;
using System.IO.Pipelines;
using ActorOrch.Registry;
using ActorOrch.Resources;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway;

/// <summary>LIST: pages of one consistent revision, written as they are stored.</summary>
internal sealed class ListHandler(IRegistry registry, TimeProvider time)
{
    // Upstream's threshold: smaller answers are not worth the processor's time.
    private const int CompressFromBytes = 128 * 1024;

    private const string InconsistentContinue =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
        + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
        + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
        + "returned and now may show up in the list.";

    public async Task HandleAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var query = ListQuery.Parse(request);
        var filter = ObjectFilter.Of(request, query);
        ObjectKey? after = null;
        Snapshot? snapshot;
        if (query.Continue.Length > 0)
        {
            var token = ContinueToken.Decode(query.Continue);
            after = token.After;
            snapshot = token.Revision == ContinueToken.Inconsistent
                ? await registry[request.Type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false)
                : await SnapshotReading.FindExactlyAsync(registry[request.Type], token.Revision, time, request.Cancel).ConfigureAwait(false);
            if (snapshot is null)
            {
                await AnswerExpiredAsync(request.Http, token).ConfigureAwait(false);
                return;
            }
        }
        else
        {
            snapshot = query.MatchExact
                ? await SnapshotReading.ReadExactlyAsync(registry[request.Type], query.Revision!.Value, time, request.Cancel).ConfigureAwait(false)
                : await SnapshotReading.ReadAsync(registry[request.Type], query.Revision, time, request.Cancel).ConfigureAwait(false);
        }
        await WriteAsync(request, form, ListPage.Take(snapshot, filter, after, query.Limit)).ConfigureAwait(false);
    }

    /// <summary>Writes a list as the whole answer.</summary>
    public static async Task WriteAsync(ApiRequest request, ResponseForm form, ListPage page)
    {
        var response = request.Http.Response;
        response.StatusCode = 200;
        response.ContentType = form.ContentType;
        var compress = AcceptsGzip(request.Http.Request) && IsWorthCompressing(page.Items);
        if (compress)
        {
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Append("Vary", "Accept-Encoding");
        }
        await response.StartAsync(request.Cancel).ConfigureAwait(false);
        if (!compress)
        {
            await WriteAsync(response.BodyWriter, request, form, page).ConfigureAwait(false);
            return;
        }
        var compressed = PipeWriter.Create(new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true));
        await WriteAsync(compressed, request, form, page).ConfigureAwait(false);
        await compressed.CompleteAsync().ConfigureAwait(false);
    }

    private static async Task WriteAsync(PipeWriter body, ApiRequest request, ResponseForm form, ListPage page)
    {
        var pieces = new LargePieces(body);
        form.WriteListStart(pieces, request.Type, page.Meta);
        var first = true;
        foreach (var obj in page.Items)
        {
            form.WriteItem(pieces, obj, first);
            first = false;
            if (!pieces.IsFull) continue;
            if ((await pieces.FlushAsync(request.Cancel).ConfigureAwait(false)).IsCompleted) return;
        }
        form.WriteListEnd(pieces);
        await pieces.FlushAsync(request.Cancel).ConfigureAwait(false);
    }

    private static bool AcceptsGzip(HttpRequest request)
    {
        foreach (var accepted in request.Headers.AcceptEncoding)
            if (accepted is not null && accepted.Contains("gzip", StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool IsWorthCompressing(IEnumerable<StoredObject> items)
    {
        var bytes = 0;
        foreach (var obj in items)
        {
            bytes += obj.Json.Length;
            if (bytes >= CompressFromBytes) return true;
        }
        return false;
    }

    private static Task AnswerExpiredAsync(HttpContext context, ContinueToken token)
    {
        var status = ApiException.Expired(InconsistentContinue).ToStatus();
        status["metadata"]!["continue"] = (token with { Revision = ContinueToken.Inconsistent }).Encode();
        return Answer.JsonAsync(context, 410, status);
    }
}
