using System.Net;
using System.Net.Security;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Serving;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;
using static ActorOrch.Gateway.Tests.Fixtures.RawConnection;

namespace ActorOrch.Gateway.Tests.Serving;

/// <summary>Answers that nobody takes, wherever they lie: with their stream, in the server's buffers, or in the kernel's.</summary>
public sealed class UnreadAnswerTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData(ConfigMaps + "/large")]
    [InlineData(ConfigMaps)]
    [InlineData(ConfigMaps + "?watch=true")]
    [InlineData("/openapi/v2")]
    public async Task Streams_without_a_window_keep_their_places_and_are_cut(string path)
    {
        await using var gateway = await StartAsync(10 * Short);
        var all = gateway.Server.Limits.All;
        using var tcp = await DialAsync(gateway);
        await using var tls = await EncryptAsync(tcp, gateway.Pki.Administrator, SslApplicationProtocol.Http2);
        await tls.WriteAsync(Http2Frames.StartWithoutWindow());
        for (var i = 0; i < 100; i++) await tls.WriteAsync(Http2Frames.Get(2 * i + 1, path));
        long Held() => all.Requests.Capacity - all.Requests.Left + all.Watches.Capacity - all.Watches.Left;
        Assert.True(SpinWait.SpinUntil(() => Held() == 100, Patience), $"{Held()} of 100 keep their places");
        using (var served = await gateway.RespondAsync("GET", ConfigMaps + "/small")) Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.True(SpinWait.SpinUntil(() => Held() == 0 && all.Unread.Left == all.Unread.Capacity, Patience), $"{Held()} are still there");
    }

    [Theory]
    [InlineData(ConfigMaps + "/small")]
    [InlineData(ConfigMaps + "/none")]
    public async Task Short_answers_in_streams_without_a_window_are_cut_with_their_connection(string path)
    {
        await using var gateway = await StartAsync(2 * Short);
        var places = gateway.Server.Limits.All.Connections;
        using var tcp = await DialAsync(gateway);
        await using var tls = await EncryptAsync(tcp, gateway.Pki.Administrator, SslApplicationProtocol.Http2);
        await tls.WriteAsync(Http2Frames.StartWithoutWindow());
        for (var i = 0; i < 20; i++) await tls.WriteAsync(Http2Frames.Get(2 * i + 1, path));
        Assert.True(SpinWait.SpinUntil(() => places.Left == places.Capacity - 1, Patience), "it has not come");
        Assert.True(SpinWait.SpinUntil(() => places.Left == places.Capacity, Patience), "it is still open");
    }

    [Fact]
    public async Task What_lies_in_the_kernel_is_cut_with_its_connection()
    {
        await using var gateway = await StartAsync(2 * Short);
        var places = gateway.Server.Limits.All.Connections;
        var idle = places.Left;
        var open = await OpenAsync(gateway, gateway.Pki.Administrator, 20, receiveBuffer: 4096);
        foreach (var tls in open) await RequestAsync(tls, ConfigMaps + "/large");
        Assert.True(SpinWait.SpinUntil(() => places.Left == idle - open.Length, Patience), "not all connections have come");
        // Their requests have ended: nothing but the kernel knows that they are not read.
        Assert.True(SpinWait.SpinUntil(() => places.Left == idle, Patience), $"{idle - places.Left} connections are still open");
        foreach (var tls in open) await tls.DisposeAsync();
    }

    [Fact]
    public async Task A_live_watch_that_reads_nothing_is_cut()
    {
        await using var gateway = await StartAsync(2 * Short);
        var all = gateway.Server.Limits.All;
        using var tcp = await DialAsync(gateway, receiveBuffer: 4096);
        await using var tls = await EncryptAsync(tcp, gateway.Pki.Administrator);
        await RequestAsync(tls, ConfigMaps + "?watch=true&resourceVersion=" + gateway.Registry[BuiltIn.ConfigMaps].Latest.Revision);
        Assert.True(SpinWait.SpinUntil(() => all.Watches.Left == all.Watches.Capacity - 1, Patience));
        for (var i = 0; i < 20; i++) await PutAsync(gateway, "live", 262_144);
        Assert.True(SpinWait.SpinUntil(() => all.Watches.Left == all.Watches.Capacity && all.Unread.Left == all.Unread.Capacity, Patience), "it is still there");
    }

    [Fact]
    public async Task A_live_watch_that_reads_slowly_but_steadily_stays()
    {
        await using var gateway = await StartAsync(4 * Short);
        using var tcp = await DialAsync(gateway, receiveBuffer: 4096);
        await using var tls = await EncryptAsync(tcp, gateway.Pki.Administrator);
        await RequestAsync(tls, ConfigMaps + "?watch=true&resourceVersion=" + gateway.Registry[BuiltIn.ConfigMaps].Latest.Revision);
        Assert.NotEqual(0, await ReadAsync(tls));
        for (var i = 0; i < 24; i++) await PutAsync(gateway, "live", 262_144);
        // Four times as long as a piece may wait, a piece each tenth of that.
        using var pace = new PeriodicTimer(Short / 2.5);
        var read = 0;
        for (var tick = 0; tick < 40; tick++)
        {
            await pace.WaitForNextTickAsync();
            for (var piece = 0; piece < 10; piece++)
            {
                var count = await ReadAsync(tls);
                Assert.NotEqual(0, count);
                read += count;
            }
        }
        Assert.InRange(read, 1_000_000, 24 * 270_000);
        Assert.Equal(1, gateway.Server.Limits.All.Watches.Capacity - gateway.Server.Limits.All.Watches.Left);
    }

    [Fact]
    public async Task Beyond_the_room_for_those_that_wait_they_are_cut_soon()
    {
        await using var gateway = await StartAsync(100 * Patience);
        var all = gateway.Server.Limits.All;
        var room = gateway.Server.Limits.Of(new("kubernetes-admin", ["system:masters"])).Unread;
        Assert.True(room.TryTake(room.Capacity - UnreadAnswers.HeldBytes), "someone else has taken it");
        var open = await OpenAsync(gateway, gateway.Pki.Authority.IssueClient("kubernetes-admin", "system:masters"), 6, receiveBuffer: 4096);
        foreach (var tls in open) await RequestAsync(tls, ConfigMaps + "?watch=true");
        Assert.True(SpinWait.SpinUntil(() => all.Watches.Left == all.Watches.Capacity - open.Length, Patience));
        // One has room to wait, however long.
        Assert.True(SpinWait.SpinUntil(() => all.Watches.Left == all.Watches.Capacity - 1, Patience), $"{all.Watches.Capacity - all.Watches.Left} are still there");
        foreach (var tls in open) await tls.DisposeAsync();
        Assert.True(SpinWait.SpinUntil(() => all.Watches.Left == all.Watches.Capacity && room.Left == UnreadAnswers.HeldBytes, Patience));
    }

    [Fact]
    public async Task Many_watchers_that_go_at_once_stall_nobody_and_leave_nothing()
    {
        var log = new LogRecorder();
        await using var gateway = await TestGateway.StartAsync(change: o => o with { Logging = log });
        var all = gateway.Server.Limits.All;
        var watchers = await OpenAsync(gateway, gateway.Pki.Administrator, 300);
        await Task.WhenAll(watchers.Select(tls => RequestAsync(tls, ConfigMaps + "?watch=true").AsTask()));
        foreach (var tls in watchers) Assert.NotEqual(0, await ReadAsync(tls));
        Assert.Equal(watchers.Length, all.Watches.Capacity - all.Watches.Left);
        for (var i = 0; i < 20; i++) await PutAsync(gateway, "live", 20_000);

        var going = Task.WhenAll(watchers.Select(tls => Task.Run(() => tls.Dispose())));
        for (var i = 0; i < 50; i++)
        {
            using var served = await gateway.RespondAsync("GET", ConfigMaps).WaitAsync(Patience / 6);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
        await going;
        Assert.True(SpinWait.SpinUntil(() => all.Watches.Left == all.Watches.Capacity, Patience), "a watch has stayed");
        Assert.Empty(log.Lines);
    }

    private static async Task<TestGateway> StartAsync(TimeSpan patience)
    {
        var gateway = await TestGateway.StartAsync(change: o => o with { UnreadAnswerPatience = patience });
        await PutAsync(gateway, "small", 100);
        // More than a client takes that does not read, and less than the kernel does.
        await PutAsync(gateway, "large", 262_144);
        for (var i = 0; i < 12; i++) await PutAsync(gateway, $"more{i}", 500_000);
        return gateway;
    }

    private static Task PutAsync(TestGateway gateway, string name, int bytes) => gateway.Registry.PutAsync(BuiltIn.ConfigMaps, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["data"] = new JsonObject { ["k"] = new string('x', bytes) },
    });
}
