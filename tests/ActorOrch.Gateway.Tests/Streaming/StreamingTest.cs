using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Gateway.Tests.Streaming.Spdy;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Streaming;

/// <summary>A server with the pod <c>p</c> on a fake node: containers <c>a</c> and <c>b</c>.</summary>
public abstract class StreamingTest : GatewayTest
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal FakeNode Node { get; } = new();

    protected override async Task<TestGateway> StartAsync()
    {
        var gateway = await TestGateway.StartAsync(Node);
        await gateway.Registry.PutAsync(BuiltIn.Pods, Pod("p", "n1", "a", "b"));
        return gateway;
    }

    protected static JsonObject Pod(string name, string node, params string[] containers) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["containers"] = new JsonArray([.. containers.Select(c => new JsonObject { ["name"] = c })]),
        },
        ["status"] = new JsonObject { ["phase"] = "Running" },
    };

    protected static string Path(string subresource, string query, string pod = "p") => $"/api/v1/namespaces/default/pods/{pod}/{subresource}?{query}";

    protected async Task<ClientWebSocket> ConnectAsync(string path, params string[] protocols)
    {
        var socket = new ClientWebSocket();
        foreach (var protocol in protocols) socket.Options.AddSubProtocol(protocol);
        socket.Options.ClientCertificates = [Gateway.Pki.Administrator];
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 server && IsTrusted(server);
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new Uri(Gateway.Server.Address.ToString().Replace("https:", "wss:", StringComparison.Ordinal).TrimEnd('/') + path), patience.Token);
        return socket;
    }

    /// <summary>Asks for a connection of SPDY; the answer's head, and what follows it.</summary>
    protected async Task<(string Head, Stream Connection)> UpgradeAsync(string method, string path, params string[] headers)
    {
        var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", Gateway.Server.Address.Port);
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = [Gateway.Pki.Administrator],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 server && IsTrusted(server),
        });
        var request = $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n{string.Join("", headers.Select(h => h + "\r\n"))}\r\n";
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request));
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await tls.ReadAsync(one).AsTask().WaitAsync(Patience) > 0) head.Append((char)one[0]);
        return (head.ToString(), tls);
    }

    internal async Task<SpdyTestClient> SpdyAsync(string path, string protocol)
    {
        var (head, connection) = await UpgradeAsync("POST", path, "Connection: Upgrade", "Upgrade: SPDY/3.1", $"X-Stream-Protocol-Version: {protocol}");
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains($"X-Stream-Protocol-Version: {protocol}\r\n", head, StringComparison.Ordinal);
        return new(connection);
    }

    /// <summary>All messages until the server closes, each as its channel and its text.</summary>
    protected static async Task<List<(int Channel, string Text)>> MessagesAsync(WebSocket socket)
    {
        var messages = new List<(int, string)>();
        while (await MessageAsync(socket) is { } message) messages.Add((message[0], Encoding.UTF8.GetString(message.AsSpan(1))));
        return messages;
    }

    /// <summary>The next message; null where the server closes.</summary>
    protected static async Task<byte[]?> MessageAsync(WebSocket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", patience.Token);
                return null;
            }
            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage) return message.ToArray();
        }
    }

    protected static Task SendAsync(WebSocket socket, params byte[] message) => socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);

    private bool IsTrusted(X509Certificate2 server)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Gateway.Pki.Authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(server);
    }
}
