using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Serving;

/// <summary>Heads that the server below takes and whose body, or expectation, would not be what their client means.</summary>
internal static class Framing
{
    /// <summary>Throws 501 for a body in another coding than plain chunks, 417 for what nobody can expect; the connection closes after either.</summary>
    public static void Require(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count > 0 && !Is(headers.TransferEncoding, "chunked"))
        {
            context.Connection.RequestClose();
            throw new ApiException(StatusCodes.Status501NotImplemented, "", $"Unsupported transfer encoding: \"{headers.TransferEncoding}\": it must be chunked, once");
        }
        if (headers.Expect.Count > 0 && !Is(headers.Expect, "100-continue"))
        {
            context.Connection.RequestClose();
            throw new ApiException(StatusCodes.Status417ExpectationFailed, "", $"Expect: \"{headers.Expect}\" cannot be met: it must be 100-continue");
        }
    }

    private static bool Is(Microsoft.Extensions.Primitives.StringValues values, string text) => values is [{ } only] && only.Trim().Equals(text, StringComparison.OrdinalIgnoreCase);
}
