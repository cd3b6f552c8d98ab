using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway;

/// <summary>Reads bodies whole, up to upstream's limit.</summary>
internal static class RequestBody
{
    public const int Limit = 3 * 1024 * 1024;

    /// <summary>Throws 413 past the limit.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > Limit) throw Failures.TooLarge(Limit);
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancel).ConfigureAwait(false);
            if (read.Buffer.Length > Limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw Failures.TooLarge(Limit);
            }
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
