using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Streaming.WebSockets;

/// <summary>The server's half of the opening handshake (RFC 6455 §4.2).</summary>
internal static class WebSocketHandshake
{
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;

    /// <summary>
    /// Pongs that no one asked for: a client that waits for the answer to its ping behind input that is not being read takes them for it.
    /// </summary>
    private static readonly TimeSpan PongInterval = TimeSpan.FromSeconds(10);

    public static bool IsAsked(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && Upgrades.Has(request, "websocket");

    /// <summary>The first subprotocol of the client's that is served; "" where it names none. Throws 400 where none fits.</summary>
    public static string Negotiate<T>(HttpRequest request, IReadOnlyDictionary<string, T> served)
    {
        var offered = Offered(request);
        if (offered.Length == 0) return "";
        return offered.FirstOrDefault(served.ContainsKey)
            ?? throw ApiException.BadRequest($"websocket: client supports [{string.Join(' ', offered)}], server accepts [{string.Join(' ', served.Keys.Where(n => n.Length > 0).Order())}]");
    }

    public static string[] Offered(HttpRequest request) => request.Headers.GetCommaSeparatedValues("Sec-WebSocket-Protocol");

    /// <summary>Throws 400 where the handshake is not one of version 13.</summary>
    public static async Task<WebSocket> AcceptAsync(HttpContext http, string protocol)
    {
        var key = http.Request.Headers.SecWebSocketKey.ToString();
        if (http.Request.Headers.SecWebSocketVersion != "13") throw ApiException.BadRequest("websocket: unsupported version: 13 not found in 'Sec-Websocket-Version' header");
        if (!IsKey(key)) throw ApiException.BadRequest("websocket: 'Sec-WebSocket-Key' header must be Base64 encoded value of 16-byte in length");
        var upgrade = Upgrades.Feature(http);
        var headers = http.Response.Headers;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
        if (protocol.Length > 0) headers.SecWebSocketProtocol = protocol;
        var transport = await upgrade.UpgradeAsync().ConfigureAwait(false);
        // It is not told the subprotocol: it would refuse the slash in the tunnel's name.
        return WebSocket.CreateFromStream(transport, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = PongInterval });
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + 2];
        return Convert.TryFromBase64String(key, bytes, out var count) && count == KeyBytes;
    }
}
