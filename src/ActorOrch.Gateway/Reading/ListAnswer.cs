using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Objects;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Reading;

/// <summary>Writes a list as the whole answer: compressed where the client asks for it and it is long enough.</summary>
internal static class ListAnswer
{
    // Upstream's threshold: smaller answers are not worth the processor's time.
    private const int CompressFromBytes = 128 * 1024;

    // A longer one goes out while it is being compressed.
    private const int GatherUpToBytes = 32 * 1024 * 1024;

    /// <param name="kept">Where its compressed form is kept; null for a list that nobody will ask for again.</param>
    public static async Task WriteAsync(ApiRequest request, ResponseForm form, ListPage page, CompressedLists? kept = null)
    {
        var response = request.Http.Response;
        response.StatusCode = 200;
        response.ContentType = form.ContentType;
        var bytes = AcceptsGzip(request.Http.Request) ? SizeOf(page.Items) : 0;
        if (bytes < CompressFromBytes)
        {
            await response.StartAsync(request.Cancel).ConfigureAwait(false);
            await WriteAsync(response.BodyWriter, request, form, page).ConfigureAwait(false);
            return;
        }
        response.Headers.ContentEncoding = "gzip";
        response.Headers.Append("Vary", "Accept-Encoding");
        if (kept is not null && bytes <= GatherUpToBytes)
        {
            await WriteKeptAsync(request, form, page, kept).ConfigureAwait(false);
            return;
        }
        await response.StartAsync(request.Cancel).ConfigureAwait(false);
        await CompressAsync(response.Body, request, form, page).ConfigureAwait(false);
    }

    private static async Task WriteKeptAsync(ApiRequest request, ResponseForm form, ListPage page, CompressedLists kept)
    {
        var (type, @namespace, revision) = (request.Type, request.Info.Namespace, page.Meta.Revision);
        if (kept.Find(type, @namespace, revision) is not { } compressed)
        {
            using var gathered = new MemoryStream();
            await CompressAsync(gathered, request, form, page).ConfigureAwait(false);
            kept.Keep(type, @namespace, revision, compressed = gathered.ToArray());
        }
        var response = request.Http.Response;
        response.ContentLength = compressed.Length;
        await response.StartAsync(request.Cancel).ConfigureAwait(false);
        var pieces = new LargePieces(response.BodyWriter, answered: request);
        for (var rest = compressed; rest.Length > 0;)
        {
            var piece = rest[..Math.Min(rest.Length, LargePieces.PieceBytes)];
            pieces.Write(piece.Span);
            rest = rest[piece.Length..];
            if ((await pieces.FlushAsync(request.Cancel).ConfigureAwait(false)).IsCompleted) return;
        }
    }

    private static async Task CompressAsync(Stream output, ApiRequest request, ResponseForm form, ListPage page)
    {
        var compressed = PipeWriter.Create(new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true));
        await WriteAsync(compressed, request, form, page).ConfigureAwait(false);
        await compressed.CompleteAsync().ConfigureAwait(false);
    }

    private static async Task WriteAsync(PipeWriter body, ApiRequest request, ResponseForm form, ListPage page)
    {
        var pieces = new LargePieces(body, answered: request);
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

    private static long SizeOf(IEnumerable<StoredObject> items)
    {
        var bytes = 0L;
        foreach (var obj in items) bytes += obj.Json.Length;
        return bytes;
    }
}
