using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Proxying;

/// <summary>What a proxied server's status allows the answer to be. A server may say anything; what goes on is HTTP.</summary>
internal static class ProxiedStatus
{
    /// <summary>
    /// Takes out of the answer's headers what its status does not go with. False: it has no body, whatever the server sent. Throws
    /// <see cref="HttpRequestException"/> for a status that is none, and for an upgrade that nobody asked for.
    /// </summary>
    public static bool HasBody(HttpContext context, HttpResponseMessage answer)
    {
        var code = (int)answer.StatusCode;
        if (code is StatusCodes.Status101SwitchingProtocols && context.Request.Headers.Upgrade.Count > 0) return true;
        if (code is < 200 or > 999) throw new HttpRequestException(HttpRequestError.InvalidResponse, $"malformed HTTP status code \"{code:000}\"");
        if (code is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)) return true;
        // Of one that has not changed, the length is what it would have.
        if (code is not StatusCodes.Status304NotModified) context.Response.ContentLength = null;
        context.Response.Headers.TransferEncoding = default;
        return false;
    }
}
