using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Security;
using System.Text;

namespace ActorOrch.Testing.Fuzzing;

/// <summary>Connections that become WebSockets or SPDY, or are no HTTP at all, and what is sent on them.</summary>
internal static class FuzzedStreams
{
    private static readonly string[] Channels =
        ["", "channel.k8s.io", "base64.channel.k8s.io", "v4.channel.k8s.io", "v4.base64.channel.k8s.io", "v5.channel.k8s.io", "SPDY/3.1+portforward.k8s.io", "none"];

    private static readonly string[] SpdyProtocols = ["channel.k8s.io", "v2.channel.k8s.io", "v3.channel.k8s.io", "v4.channel.k8s.io", "portforward.k8s.io", "none"];
    private static readonly string[] StreamTypes = ["error", "stdin", "stdout", "stderr", "resize", "data", ""];

    /// <summary>How long a connection is listened to once all is sent.</summary>
    private static readonly TimeSpan Listening = TimeSpan.FromMilliseconds(15);

    /// <summary>Opens one connection and sends what comes to mind; null: whatever the server made of it, it must only stand.</summary>
    public static async Task<string?> RunAsync(FuzzedServer server, Random random, CancellationToken cancel)
    {
        await server.PutPodAsync();
        await using var tls = await server.DialAsync(cancel);
        try
        {
            switch (random.Next(5))
            {
                case 0:
                    return await AnsweredAsync(server, tls, Garbage(random), cancel);
                case 1 or 2:
                    var refused = await AnsweredAsync(server, tls, WebSocketRequest(random), cancel);
                    for (var i = random.Next(1, 12); i > 0 && refused is null; i--) await tls.WriteAsync(WebSocketFrame(random), cancel);
                    await ListenAsync(tls, cancel);
                    return refused;
                default:
                    var answer = await AnsweredAsync(server, tls, SpdyRequest(random), cancel);
                    if (answer is null) await tls.WriteAsync(SpdyFrames(random), cancel);
                    await ListenAsync(tls, cancel);
                    return answer;
            }
        }
        catch (IOException)
        {
            // Cut: its good right.
            return null;
        }
    }

    // The head of the answer; what is wrong with it, or null.
    private static async Task<string?> AnsweredAsync(FuzzedServer server, SslStream tls, byte[] request, CancellationToken cancel)
    {
        server.Doing = Encoding.Latin1.GetString(request);
        await tls.WriteAsync(request, cancel);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // What is no whole request is not answered at all.
        enough.CancelAfter(TimeSpan.FromMilliseconds(250));
        var buffer = new byte[4096];
        try
        {
            var count = await tls.ReadAsync(buffer, enough.Token);
            var head = Encoding.Latin1.GetString(buffer, 0, count);
            return head.StartsWith("HTTP/1.1 500", StringComparison.Ordinal)
                ? $"{Encoding.Latin1.GetString(request)} got {head}"
                : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task ListenAsync(SslStream tls, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        enough.CancelAfter(Listening);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await tls.ReadAsync(buffer, enough.Token) > 0)
            {
                // Whatever it is.
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Heard enough.
        }
    }

    private static byte[] Garbage(Random random)
    {
        var request = Encoding.Latin1.GetBytes($"GET /api/v1/pods HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nX: {FuzzValues.Text(random)}\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        return random.Next(6) == 0 ? [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. FuzzValues.Mangle(request, random)] : FuzzValues.Mangle(request, random);
    }

    private static string Target(Random random)
    {
        var subresource = FuzzValues.Pick(random, (string[])["exec", "attach", "portforward"]);
        var options = string.Join('&', ((string[])["stdin", "stdout", "stderr", "tty"]).Where(_ => random.Next(2) == 0).Select(o => $"{o}=true"));
        var ports = random.Next(3) == 0 ? FuzzValues.Text(random) : $"{random.Next(1, 65536)}";
        return $"/api/v1/namespaces/default/pods/p/{subresource}?container=c&command=x&ports={Uri.EscapeDataString(ports.Replace("\ud800", "", StringComparison.Ordinal))}&{options}";
    }

    private static byte[] WebSocketRequest(Random random) => Encoding.Latin1.GetBytes(
        $"GET {Target(random)} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: {(random.Next(10) == 0 ? "12" : "13")}\r\n"
        + $"Sec-WebSocket-Key: {(random.Next(10) == 0 ? "x" : "dGhlIHNhbXBsZSBub25jZQ==")}\r\nSec-WebSocket-Protocol: {FuzzValues.Pick(random, Channels)}\r\n\r\n");

    private static byte[] WebSocketFrame(Random random)
    {
        var payload = new byte[random.Next(random.Next(4) == 0 ? 3000 : 40)];
        random.NextBytes(payload);
        if (payload.Length > 0 && random.Next(2) == 0) payload[0] = FuzzValues.Pick(random, (byte[])[0, 1, 2, 3, 4, 255, (byte)'0', (byte)'4']);
        if (random.Next(5) == 0) payload = [4, .. Encoding.UTF8.GetBytes(FuzzValues.Any(random)?.ToJsonString() ?? "null")];
        var frame = new List<byte> { (byte)(random.Next(2) << 7 | (random.Next(10) == 0 ? random.Next(16) << 4 & 0x70 : 0) | FuzzValues.Pick(random, (int[])[0, 1, 2, 2, 2, 8, 9, 10, 15])) };
        var masked = random.Next(20) == 0 ? 0 : 0x80;
        if (payload.Length < 126) frame.Add((byte)(masked | payload.Length));
        else frame.AddRange([(byte)(masked | 126), (byte)(payload.Length >> 8), (byte)payload.Length]);
        if (random.Next(40) == 0) return [(byte)0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        if (masked != 0) frame.AddRange([0, 0, 0, 0]);
        frame.AddRange(payload);
        return [.. frame];
    }

    private static byte[] SpdyRequest(Random random) => Encoding.Latin1.GetBytes(
        $"POST {Target(random)} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: {FuzzValues.Pick(random, SpdyProtocols)}\r\nContent-Length: 0\r\n\r\n");

    private static byte[] SpdyFrames(Random random)
    {
        using var compressed = new MemoryStream();
        using var deflater = new ZLibStream(compressed, CompressionLevel.Fastest);
        var frames = new List<byte>();
        var id = -1;
        for (var i = random.Next(2, 24); i > 0; i--)
        {
            switch (random.Next(9))
            {
                case 0 or 1 or 2:
                    id += random.Next(12) == 0 ? random.Next(-3, 4) : 2;
                    frames.AddRange(Control(1, random, [.. Words(id, 0), 0, 0, .. Block(random, id, compressed, deflater)]));
                    break;
                case 3:
                    frames.AddRange(Control(3, random, Words(Near(id, random), random.Next(12))));
                    break;
                case 4:
                    frames.AddRange(Control(4, random, [.. Words(random.Next(3)), .. Words(7, FuzzValues.Pick(random, (int[])[0, 1, -1, int.MaxValue, 65536]))]));
                    break;
                case 5:
                    frames.AddRange(Control(9, random, Words(Near(id, random), FuzzValues.Pick(random, (int[])[0, 1, -1, int.MaxValue]))));
                    break;
                case 6:
                    frames.AddRange(Control(random.Next(0, 12), random, Words(random.Next(), random.Next())));
                    break;
                default:
                    var data = new byte[random.Next(600)];
                    random.NextBytes(data);
                    frames.AddRange([.. Words(Math.Max(1, Near(id, random)), (random.Next(4) == 0 ? 1 << 24 : 0) | data.Length), .. data]);
                    break;
            }
        }
        var all = frames.ToArray();
        return random.Next(4) == 0 ? FuzzValues.Mangle(all, random) : all;
    }

    // The id of a stream that was opened, or nearly.
    private static int Near(int id, Random random) => random.Next(-1, Math.Max(id, 0) + 2);

    private static byte[] Control(int type, Random random, byte[] payload)
    {
        var length = random.Next(30) == 0 ? random.Next(0xFFFFFF) : payload.Length;
        return [0x80, 3, (byte)(type >> 8), (byte)type, (byte)(random.Next(5) == 0 ? 1 : 0), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. payload];
    }

    private static byte[] Block(Random random, int id, MemoryStream compressed, ZLibStream deflater)
    {
        var headers = new List<(string, string)> { ("streamtype", FuzzValues.Pick(random, StreamTypes)), ("port", $"{random.Next(0, 70000)}"), ("requestid", $"{id / 4}") };
        if (random.Next(6) == 0) headers.Add((FuzzValues.Text(random), FuzzValues.Text(random)));
        var block = new List<byte>(Words(random.Next(20) == 0 ? random.Next(-1, 9) : headers.Count));
        foreach (var (name, value) in headers)
            foreach (var text in (string[])[name, value])
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                block.AddRange([.. Words(bytes.Length), .. bytes]);
            }
        compressed.SetLength(0);
        deflater.Write([.. block]);
        deflater.Flush();
        return compressed.ToArray();
    }

    private static byte[] Words(params int[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * 4), words[i]);
        return bytes;
    }
}
