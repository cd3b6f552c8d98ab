using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway.Routing;

/// <summary>The path of a request as its client wrote it.</summary>
internal static class RequestPath
{
    /// <summary>Without the query, and without scheme and host where the request line names them.</summary>
    public static string Of(HttpContext context)
    {
        var known = context.Request.Path.Value ?? "";
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = raw.IndexOf('?');
        if (query >= 0) raw = raw[..query];
        // What most requests say needs no unescaping, and no string of its own.
        if (raw.SequenceEqual(known)) return known;
        if (raw is not ['/', ..])
        {
            var host = raw.IndexOf("://");
            var path = host < 0 ? -1 : raw[(host + 3)..].IndexOf('/');
            if (path < 0) return "/";
            raw = raw[(host + 3 + path)..];
        }
        return raw.ToString();
    }
}
