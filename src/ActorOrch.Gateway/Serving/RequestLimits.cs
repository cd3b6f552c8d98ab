using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway.Serving;

/// <summary>How many requests of all clients together, and of each user, may be under way, and what their bodies may cost.</summary>
internal sealed class RequestLimits
{
    /// <summary>Bodies below this are bounded by the number of requests alone.</summary>
    public const int SmallBody = 8 * 1024;

    // What one byte of a body may become in memory before it is an object: values in a tree. The tree of a YAML body stands beside its tokens.
    private const int JsonExpansion = 16;
    private const int YamlExpansion = 48;

    /// <summary>How long a request waits before it is answered with 429.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly UserRooms _rooms;
    private readonly TimeProvider _time;

    /// <param name="connections">How many may be open at once.</param>
    /// <param name="requests">Those that come to an end by themselves; upstream's 400 that read and 200 that write.</param>
    public RequestLimits(TimeProvider time, int connections = 32 * 1024, int requests = 600)
    {
        All = Room.Whole(time, connections, requests);
        _rooms = new(All);
        _time = time;
    }

    /// <summary>What there is for all together.</summary>
    public Room All { get; }

    /// <summary>What there is for a user.</summary>
    /// <param name="caller">Whom the request proves; null for nobody.</param>
    public Room Of(Caller? caller) => _rooms.Of(caller);

    /// <summary>What one connection may take of it.</summary>
    public BodyShare NewShare() => new(All, _time);

    /// <summary>Takes so much of a budget. Throws 429 where it is not to be had.</summary>
    public static async ValueTask TakeAsync(Budget budget, long amount, CancellationToken cancel)
    {
        if (!await budget.TakeAsync(amount, Patience, cancel).ConfigureAwait(false)) throw Failures.TooManyRequests();
    }

    /// <summary>Where a request has its place that does not come to an end by itself; null for all others.</summary>
    public static Budget? LongRunning(ApiRequest request, Room room) => request.Info.Verb == "watch" ? room.Watches
        : request.Subresource is { IsStream: true } ? room.Streams
        : null;

    /// <summary>The length of a request's body where it has to be reckoned with; 0 for a small one, or none.</summary>
    public static int LargeBody(HttpRequest request)
    {
        // Nothing that is read takes a body; streams and proxies have places of their own.
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return 0;
        if (request.ContentLength is { } length) return length is > SmallBody and <= RequestBody.Limit ? (int)length : 0;
        return request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } ? RequestBody.Limit : 0;
    }

    /// <summary>What a body may become.</summary>
    public static long CostOf(HttpRequest request, int length) =>
        (long)length * (request.ContentType?.Contains("yaml", StringComparison.OrdinalIgnoreCase) == true ? YamlExpansion : JsonExpansion);
}
