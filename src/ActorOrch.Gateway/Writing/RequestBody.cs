using System.Buffers;
using System.IO.Pipelines;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Writing;

/// <summary>Reads bodies whole, up to upstream's limit.</summary>
internal static class RequestBody
{
    public const int Limit = 3 * 1024 * 1024;

    /// <summary>The body of a request, which may have been read already. Throws 413 past the limit.</summary>
    public static ValueTask<ReadOnlyMemory<byte>> ReadAsync(ApiRequest request) =>
        request.Body is { } body ? ValueTask.FromResult(body) : ReadAsync(request.Http.Request, request.Cancel);

    /// <summary>Throws 413 past the limit.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > Limit) throw Failures.TooLarge(Limit);
        var reader = request.BodyReader;
        var read = await reader.ReadAsync(cancel).ConfigureAwait(false);
        if (read.IsCompleted && read.Buffer.Length <= Limit)
        {
            // Most are here with the request itself.
            var whole = read.Buffer.ToArray();
            reader.AdvanceTo(read.Buffer.End);
            return whole;
        }
        return await GatherAsync(reader, read, (int)(request.ContentLength ?? 0), cancel).ConfigureAwait(false);
    }

    // What has come is taken out of the connection's own buffers.
    private static async ValueTask<ReadOnlyMemory<byte>> GatherAsync(PipeReader reader, ReadResult read, int length, CancellationToken cancel)
    {
        var body = new byte[Math.Max(length, 4096)];
        var count = 0;
        while (true)
        {
            var piece = read.Buffer;
            if (count + piece.Length > Limit)
            {
                reader.AdvanceTo(piece.End);
                throw Failures.TooLarge(Limit);
            }
            if (body.Length - count < piece.Length) Array.Resize(ref body, Math.Min(Limit, Math.Max(2 * body.Length, count + (int)piece.Length)));
            piece.CopyTo(body.AsSpan(count));
            count += (int)piece.Length;
            reader.AdvanceTo(piece.End);
            if (read.IsCompleted) return body.AsMemory(0, count);
            read = await reader.ReadAsync(cancel).ConfigureAwait(false);
        }
    }
}
