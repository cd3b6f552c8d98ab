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

    public async Task HandleAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var query = ListQuery.Parse(request);
        var filter = ObjectFilter.Of(request, query);
        var (snapshot, after) = await SnapshotReading.ReadListAsync(registry[request.Type], query, time, request.Cancel).ConfigureAwait(false);
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
}
