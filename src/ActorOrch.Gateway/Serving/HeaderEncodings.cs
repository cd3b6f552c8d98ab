using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorOrch.Gateway.Serving;

/// <summary>How the values of headers become bytes, and bytes the values of headers.</summary>
internal static class HeaderEncodings
{
    /// <summary>The name that the server below gives a length that stands beside a coding: only where it is nobody else's does it say so.</summary>
    public const string LengthBesideCoding = "X-Content-Length";

    // RFC 9110, 5.6.2.
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>
    /// What the gateway itself says is ASCII, which is written faster, but for a warning: that may quote a field's name, in whatever script it is.
    /// All else comes from a proxied server, and goes on byte by byte as it was read: as Latin-1.
    /// </summary>
    public static Encoding? OfAnswer(string name) => name switch
    {
        "Content-Type" or "Content-Length" or "Content-Encoding" or "Date" or "Cache-Control" or "Audit-Id" or "Transfer-Encoding" or "Vary" => null,
        "Warning" => Encoding.UTF8,
        _ => Encoding.Latin1,
    };

    /// <summary>
    /// The server below asks for each header of a request whose value is not that of the request before. Throws 400 for a name that is none: it
    /// takes any ASCII for one itself, and whoever stands before it may read another message.
    /// </summary>
    public static Encoding OfRequest(string name)
    {
        if (ReferenceEquals(name, HeaderNames.ContentLength)) return LengthEncoding.Instance;
        // HTTP/2 has its request line in headers whose names begin with a colon; which ones, and where, the server below knows.
        if (name.AsSpan(name.StartsWith(':') ? 1 : 0).ContainsAnyExcept(Token)) throw new BadHttpRequestException("Invalid characters in header name.");
        if (name.Equals(LengthBesideCoding, StringComparison.OrdinalIgnoreCase)) throw new BadHttpRequestException($"{LengthBesideCoding} is not for clients to send.");
        return HeaderText.Instance;
    }
}
