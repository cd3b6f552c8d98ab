using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;
using ActorOrch.Gateway.Serving;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Proxying;

/// <summary>
/// Which headers pass between a client and what it proxies to. The server is not the cluster's: it learns nothing of who the client is to the
/// cluster, and says nothing that a browser would hold for the word of the cluster's API.
/// </summary>
internal static class ProxyHeaders
{
    private static readonly FrozenSet<string> OfTheConnection = FrozenSet.ToFrozenSet(
        ["Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> OfTheClient = FrozenSet.ToFrozenSet(
        ["Authorization", "Cookie", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Uri"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] OfTheClientByPrefix = ["Impersonate-", "X-Remote-"];

    private static readonly FrozenSet<string> OfTheOrigin = FrozenSet.ToFrozenSet(
        ["Alt-Svc", "Audit-Id", "Clear-Site-Data", "Public-Key-Pins", "Service-Worker-Allowed", "Set-Cookie", "Strict-Transport-Security"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] OfTheOriginByPrefix = ["Access-Control-"];

    /// <summary>Takes out of a request what is not the server's to know.</summary>
    /// <param name="from">The client's headers.</param>
    public static void Strip(HttpRequestHeaders headers, IHeaderDictionary from)
    {
        // An upgrade says so in its Connection header, which the forwarder writes itself.
        foreach (var named in from.GetCommaSeparatedValues("Connection"))
            if (!named.Equals("Upgrade", StringComparison.OrdinalIgnoreCase) && !OfTheConnection.Contains(named)) Remove(headers, named);
        foreach (var name in from.Keys)
            if (OfTheClient.Contains(name) || Begins(name, OfTheClientByPrefix)) Remove(headers, name);
    }

    /// <summary>Takes out of an answer what is not the server's to say, and what cannot be passed on as it is.</summary>
    public static void Strip(HttpResponseMessage answer)
    {
        Strip(answer.Headers);
        Strip(answer.Content.Headers);
    }

    private static void Strip(HttpHeaders headers)
    {
        List<string>? unwanted = null;
        foreach (var (name, values) in headers.NonValidated)
            if (OfTheOrigin.Contains(name) || Begins(name, OfTheOriginByPrefix) || !values.All(value => IsWritable(name, value)))
                (unwanted ??= []).Add(name);
        foreach (var name in unwanted ?? []) headers.Remove(name);
    }

    // Bytes are read as Latin-1: what looks like one of its upper control characters may be half a letter.
    private static bool IsWritable(string name, string value) => !value.Any(c => c is (< ' ' and not '\t') or '\x7f') && (HeaderEncodings.OfAnswer(name) is not null || Ascii.IsValid(value));

    // The name may be anything that a client wrote: asked for like this, one that is none is not there.
    private static void Remove(HttpRequestHeaders headers, string name)
    {
        if (headers.NonValidated.Contains(name)) headers.Remove(name);
    }

    private static bool Begins(string name, string[] prefixes)
    {
        foreach (var prefix in prefixes)
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
