using System.Text;

namespace ActorOrch.Gateway.Serving;

/// <summary>How the values of headers become bytes.</summary>
internal static class HeaderEncodings
{
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
}
