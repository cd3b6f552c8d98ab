using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace ActorOrch.Gateway.Proxying;

/// <summary>Makes the request of a client one to the proxied server, and that server's answer one of the proxy.</summary>
/// <param name="destination">The whole URL, written as the client wrote its path and query.</param>
/// <param name="prefix">The path of the proxy subresource, without a slash at its end.</param>
internal sealed class ProxyTransformer(Uri destination, string prefix) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancel)
    {
        await base.TransformRequestAsync(context, request, destinationPrefix, cancel).ConfigureAwait(false);
        request.RequestUri = destination;
        var from = context.Request;
        ProxyHeaders.Strip(request.Headers, from.Headers);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Uri", prefix + destination.AbsolutePath);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", from.Headers.Host.ToString());
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", from.Scheme);
        if (context.Connection.RemoteIpAddress is { } client) request.Headers.TryAddWithoutValidation("X-Forwarded-For", client.ToString());
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext context, HttpResponseMessage? answer, CancellationToken cancel)
    {
        if (answer is null) return false;
        ProxyHeaders.Strip(answer);
        // What the gateway itself says for every request gives way to what the server says.
        context.Response.Headers.Remove("Cache-Control");
        await base.TransformResponseAsync(context, answer, cancel).ConfigureAwait(false);
        var hasBody = ProxiedStatus.HasBody(context, answer);
        var headers = context.Response.Headers;
        var links = new ProxiedLinks(prefix, destination.Authority, context.Request.Headers.Host.ToString());
        if (headers.Location.ToString() is { Length: > 0 } location)
        {
            headers.Location = links.Rewrite(location);
            return hasBody;
        }
        if (!hasBody) return false;
        if (HttpMethods.IsHead(context.Request.Method) || !IsHtml(answer.Content.Headers)) return true;
        await CopyHtmlAsync(context, answer, links, cancel).ConfigureAwait(false);
        return false;
    }

    private static bool IsHtml(HttpContentHeaders headers) =>
        headers.ContentType?.MediaType is "text/html" && headers.ContentEncoding.Count <= 1
        && headers.ContentEncoding.FirstOrDefault() is null or "identity" or "gzip" or "deflate";

    private static async Task CopyHtmlAsync(HttpContext context, HttpResponseMessage answer, ProxiedLinks links, CancellationToken cancel)
    {
        context.Response.ContentLength = null;
        context.Response.Headers.ContentEncoding = default;
        var body = await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await using var plain = answer.Content.Headers.ContentEncoding.FirstOrDefault() switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(body, CompressionMode.Decompress),
            _ => body,
        };
        var rewriter = new HtmlRewriter(links.Rewrite);
        var output = context.Response.BodyWriter;
        var buffer = new byte[16 * 1024];
        while (await plain.ReadAsync(buffer, cancel).ConfigureAwait(false) is var count and > 0)
        {
            rewriter.Write(buffer.AsSpan(0, count), output);
            await output.FlushAsync(cancel).ConfigureAwait(false);
        }
        rewriter.Complete(output);
        await output.FlushAsync(cancel).ConfigureAwait(false);
    }
}
