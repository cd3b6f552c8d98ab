using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ActorOrch.Gateway.Serving;

/// <summary>Heads that the server below takes and whose body, or expectation, would not be what their client means, or what somebody between the two has read.</summary>
internal static class Framing
{
    /// <summary>
    /// Throws 400 for a head that can be read as two different messages, 501 for a body in another coding than plain chunks, 417 for what nobody
    /// can expect; the connection closes after each.
    /// </summary>
    public static void Require(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count > 0) RequireChunks(context, headers);
        if (headers.Upgrade.Count > 0 && HttpProtocol.IsHttp2(context.Request.Protocol)) throw Refuse(context, StatusCodes.Status400BadRequest, $"Upgrade: {context.Request.Protocol} has none");
        if (headers.Expect.Count > 0 && !Is(headers.Expect, "100-continue"))
            throw Refuse(context, StatusCodes.Status417ExpectationFailed, $"Expect: \"{headers.Expect}\" cannot be met: it must be 100-continue");
    }

    private static void RequireChunks(HttpContext context, IHeaderDictionary headers)
    {
        // RFC 9112, 6.1 and 6.3; RFC 9113, 8.2.2.
        var protocol = context.Request.Protocol;
        if (!HttpProtocol.IsHttp11(protocol)) throw Refuse(context, StatusCodes.Status400BadRequest, $"Transfer-Encoding: {protocol} has none");
        if (headers.ContainsKey(HeaderEncodings.LengthBesideCoding))
            throw Refuse(context, StatusCodes.Status400BadRequest, "Content-Length and Transfer-Encoding: a request has one of them");
        if (!Is(headers.TransferEncoding, "chunked"))
            throw Refuse(context, StatusCodes.Status501NotImplemented, $"Unsupported transfer encoding: \"{headers.TransferEncoding}\": it must be chunked, once");
    }

    private static ApiException Refuse(HttpContext context, int code, string message)
    {
        context.Connection.RequestClose();
        return code == StatusCodes.Status400BadRequest ? ApiException.BadRequest(message) : new(code, "", message);
    }

    private static bool Is(StringValues values, string text) => values is [{ } only] && only.Equals(text, StringComparison.OrdinalIgnoreCase);
}
