using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Proxying;

/// <summary>Answers that no server should give. The client gets HTTP, and the log no trace of a stack.</summary>
public sealed class OddAnswerTests : IAsyncLifetime
{
    private readonly LogRecorder _log = new();
    private readonly TcpListener _pod = new(AnAddress(), 0);
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _pod.Start();
        _gateway = await TestGateway.StartAsync(change: o => o with { Logging = _log });
        var at = (IPEndPoint)_pod.LocalEndpoint;
        await _gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse($$$"""
            {"metadata":{"name":"odd","namespace":"default"},"status":{"podIP":"{{{at.Address}}}"},"spec":{"containers":[{"name":"a","ports":[{"containerPort":{{{at.Port}}}}]}]}}
            """)!.AsObject());
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _pod.Dispose();
    }

    [Theory]
    [InlineData("HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\nhello", 204)]
    [InlineData("HTTP/1.1 204 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 204)]
    [InlineData("HTTP/1.1 204 X\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello", 204)]
    [InlineData("HTTP/1.1 204 X\r\nLocation: /x\r\nContent-Length: 5\r\n\r\nhello", 204)]
    [InlineData("HTTP/1.1 205 X\r\nContent-Length: 5\r\n\r\nhello", 205)]
    [InlineData("HTTP/1.1 205 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 205)]
    [InlineData("HTTP/1.1 205 X\r\nContent-Type: text/html\r\n\r\nhello", 205)]
    [InlineData("HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\nhello", 304)]
    [InlineData("HTTP/1.1 304 X\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello", 304)]
    [InlineData("HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", 999)]
    [InlineData("HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: y\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 1000 X\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 abc X\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 -20 X\r\n\r\n", 503)]
    [InlineData("nonsense\r\n\r\n", 503)]
    public async Task What_goes_on_is_http(string sent, int code)
    {
        var serving = ServeAsync(sent);

        var answer = await RawRequest.SendAsync(_gateway, "GET /api/v1/namespaces/default/pods/odd/proxy/x HTTP/1.1");
        await serving;

        Assert.Equal(code, answer.Code);
        Assert.DoesNotContain("hello", answer.Text);
        if (code == 503) Assert.StartsWith("error trying to reach service: ", (string)JsonNode.Parse(answer.Body)!["message"]!);
        else Assert.EndsWith("\r\n\r\n", answer.Text);
        Assert.Empty(_log.Lines);
    }

    private async Task ServeAsync(string answer)
    {
        using var client = await _pod.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var head = "";
        var buffer = new byte[4096];
        while (!head.Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is var count and > 0) head += Encoding.Latin1.GetString(buffer, 0, count);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
    }

    private static IPAddress AnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(i => i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
        .First(a => a.AddressFamily == AddressFamily.InterNetwork);
}
