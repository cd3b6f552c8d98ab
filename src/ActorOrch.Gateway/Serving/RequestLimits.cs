using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway;

/// <summary>How many requests of all clients together may be under way, and what their bodies may cost.</summary>
/// <param name="requests">Those that come to an end by themselves; upstream's 400 that read and 200 that write.</param>
internal sealed class RequestLimits(TimeProvider time, int requests = 600)
{
    /// <summary>Bodies below this are bounded by the number of requests alone.</summary>
    public const int SmallBody = 8 * 1024;

    private const int MostWaiting = 4096;

    // What one byte of a body may become in memory before it is an object: values in a tree. The tree of a YAML body stands beside its tokens.
    private const int JsonExpansion = 16;
    private const int YamlExpansion = 48;

    /// <summary>How long a request waits for its turn before it is told to come again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Places of requests that come to an end by themselves.</summary>
    public Budget Requests { get; } = new(requests, MostWaiting, time);

    /// <summary>Places of watches.</summary>
    public Budget Watches { get; } = new(32 * 1024, 0, time);

    /// <summary>Places of logs, commands, forwarded ports and proxied requests.</summary>
    public Budget Streams { get; } = new(1024, 0, time);

    /// <summary>Bytes of bodies that are being read.</summary>
    public Budget Bodies { get; } = new(128 * 1024 * 1024, MostWaiting, time);

    /// <summary>Bytes that bodies become while they are decoded and written.</summary>
    public Budget Documents { get; } = new(256 * 1024 * 1024, MostWaiting, time);

    /// <summary>What one connection may take of it.</summary>
    public BodyShare NewShare() => new(this, time);

    /// <summary>Takes so much of a budget. Throws 429 where it is not to be had.</summary>
    public static async ValueTask TakeAsync(Budget budget, long amount, CancellationToken cancel)
    {
        if (!await budget.TakeAsync(amount, Patience, cancel).ConfigureAwait(false)) throw Failures.TooManyRequests();
    }

    /// <summary>Where a request has its place that does not come to an end by itself; null for all others.</summary>
    public Budget? LongRunning(in RequestInfo info) => info.Verb == "watch" ? Watches
        : info.Subresource is "log" or "exec" or "attach" or "portforward" or "proxy" ? Streams
        : null;

    /// <summary>The length of a request's body where it has to be reckoned with; 0 for a small one, or none.</summary>
    public static int LargeBody(HttpRequest request)
    {
        if (request.ContentLength is { } length) return length is > SmallBody and <= RequestBody.Limit ? (int)length : 0;
        return request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } ? RequestBody.Limit : 0;
    }

    /// <summary>What a body may become.</summary>
    public static long CostOf(HttpRequest request, int length) =>
        (long)length * (request.ContentType?.Contains("yaml", StringComparison.OrdinalIgnoreCase) == true ? YamlExpansion : JsonExpansion);
}
