using System.Text;
using ActorOrch.Gateway.Streaming.Spdy;

namespace ActorOrch.Gateway.Tests.Streaming.Spdy;

public sealed class SpdyConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private DuplexPair _wire = null!;
    private SpdyTestClient _client = null!;
    private SpdyConnection _server = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _wire = await DuplexPair.OpenAsync();
        _client = new(_wire.One);
        _server = new(_wire.Other);
        _running = _server.RunAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
        _wire.Dispose();
    }

    [Fact]
    public async Task A_stream_carries_data_both_ways_and_each_half_ends_by_itself()
    {
        var stream = await OpenAsync();
        await stream.AcceptAsync(default);
        await _client.SendAsync(stream.Id, "hello"u8.ToArray(), fin: true);

        Assert.Equal("hello", await new StreamReader(stream.Input).ReadToEndAsync().WaitAsync(Patience));
        await stream.Output.WriteAsync("world"u8.ToArray());
        await stream.Output.DisposeAsync();

        Assert.Equal(("value", "reply 1"), (stream.Headers.First("Name"), $"{await _client.ReceiveAsync()}"));
        Assert.Equal("world", Encoding.UTF8.GetString((await _client.ReceiveAsync())!.Data));
        Assert.Equal("data 1 fin", $"{await _client.ReceiveAsync()}");
    }

    [Fact]
    public async Task A_large_frame_is_passed_on_piece_by_piece()
    {
        var stream = await OpenAsync();
        var sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);

        var sending = _client.SendAsync(stream.Id, sent, fin: true);
        var received = new MemoryStream();
        await stream.Input.CopyToAsync(received).WaitAsync(Patience);
        await sending.WaitAsync(Patience);

        Assert.True(sent.AsSpan().SequenceEqual(received.ToArray()), "the data has changed on its way");
    }

    [Fact]
    public async Task A_reader_that_does_not_keep_up_holds_the_client_back()
    {
        var stream = await OpenAsync();
        var sending = _client.SendAsync(stream.Id, new byte[16_000_000], fin: true);

        // What both ends' sockets hold is far below what is sent: it cannot end unless someone reads.
        var first = await stream.Input.ReadAsync(new byte[1000]).AsTask().WaitAsync(Patience);
        Assert.True(first > 0 && !sending.IsCompleted, "all was taken in, and no one has read it");

        await stream.Input.DisposeAsync();
        await sending.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_pings_answer_is_the_same_ping_but_not_to_an_answer_to_ours()
    {
        await _client.SendAsync(new SpdyControlFrame.Ping(2));
        await _client.SendAsync(new SpdyControlFrame.Ping(7));

        Assert.Equal("ping 7", $"{await _client.ReceiveAsync()}");
    }

    [Fact]
    public async Task A_reset_fails_the_reader_and_the_writer()
    {
        var stream = await OpenAsync();
        await _client.SendAsync(stream.Id, "half"u8.ToArray());
        await _client.SendAsync(new SpdyControlFrame.RstStream(stream.Id, SpdyStatus.Cancel));

        await Assert.ThrowsAsync<IOException>(() => new StreamReader(stream.Input).ReadToEndAsync().WaitAsync(Patience));
        await Assert.ThrowsAsync<IOException>(() => stream.Output.WriteAsync(new byte[1]).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task The_end_of_the_connection_fails_what_is_open_and_ends_the_rest()
    {
        var stream = await OpenAsync();
        _wire.One.Dispose();

        await _running.WaitAsync(Patience);
        await Assert.ThrowsAsync<IOException>(() => new StreamReader(stream.Input).ReadToEndAsync().WaitAsync(Patience));
        Assert.False(await _server.Opened.WaitToReadAsync());
    }

    [Fact]
    public async Task A_client_that_breaks_the_protocol_is_told_to_go_away()
    {
        await OpenAsync();
        await _client.SendAsync(new SpdyControlFrame.SynStream(2, 0, 0, false, false, Convert.FromHexString("7801")));

        Assert.Equal("go away 1 1", $"{await _client.ReceiveAsync()}");
        await _running.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_that_grants_nothing_gets_all_one_that_does_gets_what_it_grants()
    {
        var stream = await OpenAsync();
        await stream.Output.WriteAsync(new byte[2 * SpdySendWindow.Default]);
        var received = 0;
        while (received < 2 * SpdySendWindow.Default) received += (await _client.ReceiveAsync())!.Data.Length;

        // Sent so far: two windows. Granted: one from the start, one now, and a half.
        await _client.SendAsync(new SpdyControlFrame.WindowUpdate(0, 10 * SpdySendWindow.Default));
        await _client.SendAsync(new SpdyControlFrame.WindowUpdate(stream.Id, SpdySendWindow.Default + 100));
        await _client.SendAsync(new SpdyControlFrame.Ping(1));
        Assert.Equal("ping 1", $"{await _client.ReceiveAsync()}");
        var writing = stream.Output.WriteAsync(new byte[300]).AsTask();
        Assert.Equal("data 1 100 bytes", $"{await _client.ReceiveAsync()}");
        Assert.False(writing.IsCompleted, "more was sent than was granted");

        await _client.SendAsync(new SpdyControlFrame.WindowUpdate(stream.Id, 1000));
        Assert.Equal("data 1 200 bytes", $"{await _client.ReceiveAsync()}");
        await writing.WaitAsync(Patience);
    }

    private async Task<SpdyStream> OpenAsync()
    {
        await _client.OpenAsync(("name", "value"));
        using var patience = new CancellationTokenSource(Patience);
        return await _server.Opened.ReadAsync(patience.Token);
    }
}
