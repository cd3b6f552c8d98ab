using System.Text;
using ActorOrch.Gateway.Streaming.Spdy;
using ActorOrch.Gateway.Tests.Streaming.Spdy;

namespace ActorOrch.Gateway.Tests.Streaming;

/// <summary>What one client may make of one streaming connection.</summary>
public sealed class StreamLimitTests : StreamingTest
{
    [Fact]
    public async Task Streams_that_are_opened_and_reset_on_and_on_are_refused_and_end_the_connection()
    {
        using var client = await SpdyAsync(Path("exec", "container=a&command=wait&stdout=true"), "v4.channel.k8s.io");
        foreach (var type in (string[])["error", "stdout"])
            Assert.Equal($"reply {await client.OpenAsync(("streamType", type))}", $"{await client.ReceiveAsync()}");
        var received = CountAsync(client);
        try
        {
            for (var i = 0; i < 4000; i++)
            {
                var id = await client.OpenAsync(("streamType", "x"), ("pad", new string('A', 12_000)));
                await client.SendAsync(new SpdyControlFrame.RstStream(id, SpdyStatus.Cancel));
            }
        }
        catch (IOException)
        {
            // It was closed meanwhile, as it should be.
        }
        var (refused, away) = await received.WaitAsync(Patience);
        Assert.InRange(refused, 1, 1001);
        Assert.True(away, "the client was not told that it is over");
    }

    [Fact]
    public async Task Halves_of_forwarded_connections_that_find_no_other_are_bounded()
    {
        Node.Server = (_, _, to, cancel) => to.WriteAsync("hello"u8.ToArray(), cancel).AsTask();
        using var client = await SpdyAsync(Path("portforward", ""), "portforward.k8s.io");
        var (replies, resets) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            await client.OpenAsync(("streamType", "error"), ("port", "80"), ("requestID", $"{i}"));
            if ((await client.ReceiveAsync())!.Kind == "reply") replies++;
            else resets++;
        }
        Assert.Equal((256, 144), (replies, resets));

        // Those that the client itself has given up make room.
        for (var i = 0; i < 256; i++) await client.SendAsync(new SpdyControlFrame.RstStream(1 + 2 * i, SpdyStatus.Cancel));
        var error = await client.OpenAsync(("streamType", "error"), ("port", "80"), ("requestID", "last"));
        Assert.Equal($"reply {error}", $"{await client.ReceiveAsync()}");
        var data = await client.OpenAsync(("streamType", "data"), ("port", "80"), ("requestID", "last"));
        Assert.Equal($"reply {data}", $"{await client.ReceiveAsync()}");
        Assert.Equal("hello", Encoding.UTF8.GetString((await client.ReceiveAsync())!.Data));
    }

    [Fact]
    public async Task Settings_that_come_on_and_on_end_the_connection()
    {
        using var client = await SpdyAsync(Path("portforward", ""), "portforward.k8s.io");
        for (var i = 0; i < 200; i++) await client.SendAsync(new SpdyControlFrame.Settings(1000 + i));
        Assert.Equal("go away 1 0", $"{await client.ReceiveAsync()}");
    }

    [Fact]
    public async Task A_terminals_size_that_never_ends_is_read_no_further()
    {
        var read = 0;
        Node.Process = async (_, streams, cancel) =>
        {
            await foreach (var size in streams.Sizes!.WithCancellation(cancel)) read += size.Width > 0 ? 1 : 0;
            return 0;
        };
        using var socket = await ConnectAsync(Path("exec", "container=a&command=x&stdin=true&stdout=true&tty=true"), "v5.channel.k8s.io");
        await SendAsync(socket, [4, .. "{\"Width\":80,\"Height\":24}{\"width\":81,\"height\":25} "u8]);
        await SendAsync(socket, [4, .. "{\"Width\":"u8, .. Enumerable.Repeat((byte)'1', 4000)]);
        var messages = await MessagesAsync(socket);
        Assert.Equal(2, read);
        Assert.Contains("Success", Assert.Single(messages, m => m.Channel == 3).Text, StringComparison.Ordinal);
    }

    private static async Task<(int Refused, bool Away)> CountAsync(SpdyTestClient client)
    {
        var (refused, away) = (0, false);
        try
        {
            while (await client.ReceiveAsync() is { } frame)
            {
                if (frame.Kind == "reset RefusedStream") refused++;
                away |= frame.Kind.StartsWith("go away", StringComparison.Ordinal);
            }
        }
        catch (IOException)
        {
            // The connection was cut.
        }
        return (refused, away);
    }
}
