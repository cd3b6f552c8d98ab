using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Proxying;

/// <summary>A client that leaves in the middle of a proxied request is no event that anyone has to look at.</summary>
public sealed class AbortedProxyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("GET", "slow", "")]
    [InlineData("GET", "slow", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n")]
    [InlineData("POST", "slow", "Content-Length: 100000\r\n")]
    [InlineData("POST", "echo", "Content-Length: 100000\r\n")]
    [InlineData("POST", "echo", "Transfer-Encoding: chunked\r\n")]
    public async Task It_leaves_no_trace_in_the_log(string method, string path, string headers)
    {
        var log = new LogRecorder();
        await using var server = await ProxiedServer.StartAsync();
        await using var gateway = await TestGateway.StartAsync(change: o => o with { Logging = log });
        await gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse($$$"""
            {"metadata":{"name":"web","namespace":"default"},"status":{"podIP":"{{{server.Ip}}}"},
             "spec":{"containers":[{"name":"a","ports":[{"containerPort":{{{server.Port}}}}]}]}}
            """)!.AsObject());
        var streams = gateway.Server.Limits.All.Streams;
        for (var i = 0; i < 40; i++)
        {
            using var tcp = await RawConnection.DialAsync(gateway);
            var tls = await RawConnection.EncryptAsync(tcp, gateway.Pki.Administrator);
            await RawConnection.RequestAsync(tls, $"/api/v1/namespaces/default/pods/web/proxy/{path}", headers, method);
            Assert.True(SpinWait.SpinUntil(() => streams.Left < streams.Capacity, Patience), "it has not come");
            // Half of them without a goodbye.
            if (i % 2 == 0) tcp.Client.Close(0);
            else await tls.DisposeAsync();
            Assert.True(SpinWait.SpinUntil(() => streams.Left == streams.Capacity, Patience), "it is still there");
        }
        Assert.True(!log.Lines.Any(), string.Join("\n", log.Lines.Take(1)));
    }
}
