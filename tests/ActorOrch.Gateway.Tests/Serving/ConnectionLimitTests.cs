using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Serving;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;
using static ActorOrch.Gateway.Tests.Fixtures.RawConnection;

namespace ActorOrch.Gateway.Tests.Serving;

/// <summary>Connections are bounded in number, and those that prove nothing or read nothing in time.</summary>
public sealed class ConnectionLimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Connections_that_show_no_identity_are_cut()
    {
        await using var gateway = await TestGateway.StartAsync(change: o => o with { IdentityPatience = Short });
        using var silent = await DialAsync(gateway);
        Assert.Equal(0, await ReadAsync(silent.GetStream()));

        using var anonymous = await DialAsync(gateway);
        await using var tls = await EncryptAsync(anonymous, null);
        Assert.Equal(0, await ReadAsync(tls));

        // Who has shown it stays, however long it says nothing.
        using var proven = await DialAsync(gateway);
        await using var known = await EncryptAsync(proven, gateway.Pki.Administrator);
        await RequestAsync(known);
        Assert.NotEqual(0, await ReadAsync(known));
        await Task.Delay(2 * Short);
        await RequestAsync(known);
        Assert.NotEqual(0, await ReadAsync(known));
    }

    [Fact]
    public async Task A_connection_whose_request_proves_nothing_is_closed()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = gateway.NewClient();
        using var response = await client.GetAsync("/api/v1/pods");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.True(response.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Past_the_limit_connections_are_cut_and_those_after_them_are_served()
    {
        await using var gateway = await TestGateway.StartAsync(change: o => o with { MostConnections = 4 });
        var idle = new List<TcpClient>();
        for (var i = 0; i < 12; i++) idle.Add(await DialAsync(gateway));
        var cut = idle.Select(c => ReadAsync(c.GetStream())).ToArray();
        Assert.True(SpinWait.SpinUntil(() => cut.Count(c => c.IsCompleted) >= 8, Patience), "no connection was cut");
        foreach (var client in idle) client.Dispose();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var response = await gateway.RespondAsync("GET", "/api/v1/pods");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                return;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                // The server has not seen yet that the others have gone.
                await Task.Yield();
            }
        }
    }

    [Theory]
    [InlineData("/api/v1/configmaps", false)]
    [InlineData("/api/v1/configmaps", true)]
    [InlineData("/api/v1/configmaps?watch=true", false)]
    public async Task A_long_answer_that_nobody_reads_is_cut(string path, bool compressed)
    {
        await using var gateway = await TestGateway.StartAsync(change: o => o with { UnreadAnswerPatience = Short });
        var random = new Random(1);
        for (var i = 0; i < 12; i++)
        {
            var bytes = new byte[1_000_000];
            random.NextBytes(bytes);
            await gateway.Registry.PutAsync(BuiltIn.ConfigMaps, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = $"c{i}", ["namespace"] = "default" },
                ["data"] = new JsonObject { ["k"] = Convert.ToBase64String(bytes) },
            });
        }
        using var client = await DialAsync(gateway, receiveBuffer: 4096);
        await using var tls = await EncryptAsync(client, gateway.Pki.Administrator);
        await RequestAsync(tls, path, compressed ? "Accept-Encoding: gzip\r\n" : "");
        Assert.NotEqual(0, await ReadAsync(tls));
        var limits = gateway.Server.Limits.All;
        Assert.True(SpinWait.SpinUntil(() => limits.Requests.Left == limits.Requests.Capacity && limits.Watches.Left == limits.Watches.Capacity, Patience), "it still waits to be read");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_long_document_that_nobody_reads_keeps_its_place_until_it_is_cut_or_the_client_goes(bool goes)
    {
        await using var gateway = await TestGateway.StartAsync(change: o => o with { UnreadAnswerPatience = goes ? 10 * Patience : 10 * Short });
        var limits = gateway.Server.Limits.All;
        using var client = await DialAsync(gateway, receiveBuffer: 4096);
        await using var tls = await EncryptAsync(client, gateway.Pki.Administrator);
        // One behind the other: together they are more than the system's own buffers take.
        for (var i = 0; i < 64; i++) await RequestAsync(tls, "/openapi/v2");
        Assert.NotEqual(0, await ReadAsync(tls));
        Assert.True(SpinWait.SpinUntil(() => limits.Requests.Left < limits.Requests.Capacity, Patience), "no answer waits to be read");
        if (goes) client.Close();
        Assert.True(SpinWait.SpinUntil(() => limits.Requests.Left == limits.Requests.Capacity, Patience), "a place was kept");
    }

    [Theory]
    [InlineData(300, 150, 86)]
    [InlineData(1024, 200, 696)]
    [InlineData(1_048_576, 200, 32_768)]
    [InlineData(100, 90, 16)]
    public void There_are_always_descriptors_left_for_all_else(long limit, int open, int connections) =>
        Assert.Equal(connections, Descriptors.Connections(limit, open));

    [Fact]
    public void The_limit_of_descriptors_is_read_as_the_kernel_prints_it()
    {
        Assert.Equal(300, Descriptors.Limit(["Limit                     Soft Limit           Hard Limit           Units     ", "Max open files            300                  400                  files     "]));
        Assert.True(Descriptors.Limit(["Max open files            unlimited            unlimited            files     "]) > 1_000_000);
        Assert.InRange(Descriptors.Connections(), 16, 32_768);
    }
}
