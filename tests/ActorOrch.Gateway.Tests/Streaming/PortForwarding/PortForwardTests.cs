using System.Net.WebSockets;
using System.Text;
using ActorOrch.Gateway.Tests.Streaming.Spdy;

namespace ActorOrch.Gateway.Tests.Streaming.PortForwarding;

public sealed class PortForwardTests : StreamingTest
{
    private const string Refusal = "error forwarding port 81 to pod p_default, uid ";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_connection_is_a_pair_of_streams(bool tunnelled)
    {
        Node.Server = EchoAsync;
        using var client = await OpenAsync(tunnelled);
        for (var n = 0; n < 3; n++)
        {
            var (error, data) = await ConnectAsync(client, 80, $"{n}");
            await client.SendAsync(data, Encoding.UTF8.GetBytes($"message {n}"), fin: true);

            Assert.Equal($"80: message {n}", await ReadAsync(client, data));
            Assert.Equal("", await ReadAsync(client, error));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_port_on_which_nothing_listens_is_told_of_on_the_error_stream(bool tunnelled)
    {
        using var client = await OpenAsync(tunnelled);
        var (error, data) = await ConnectAsync(client, 81, "0");

        var texts = new Dictionary<int, string> { [error] = "", [data] = "" };
        for (var ends = 0; ends < 2;)
        {
            var frame = (await client.ReceiveAsync())!;
            Assert.Equal("data", frame.Kind);
            texts[frame.StreamId] += Encoding.UTF8.GetString(frame.Data);
            if (frame.Fin) ends++;
        }

        Assert.StartsWith(Refusal, texts[error], StringComparison.Ordinal);
        Assert.EndsWith("nothing listens on 81", texts[error], StringComparison.Ordinal);
        Assert.Equal("", texts[data]);
    }

    [Fact]
    public async Task Streams_that_cannot_be_are_reset()
    {
        using var client = await OpenAsync(tunnelled: false);
        foreach (var headers in (IEnumerable<(string, string)[]>)[[("streamType", "data")], [("streamType", "data"), ("port", "0")], [("streamType", "x"), ("port", "1")]])
        {
            var id = await client.OpenAsync(headers);
            Assert.Equal($"reset ProtocolError {id}", $"{await client.ReceiveAsync()}");
        }
    }

    [Fact]
    public async Task Connections_end_when_the_client_goes()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Node.Server = async (_, from, _, cancel) =>
        {
            cancel.Register(() => ended.TrySetResult());
            await from.ReadExactlyAsync(new byte[100], cancel);
        };
        var (_, connection) = await UpgradeAsync(
            "POST", Path("portforward", ""), "Connection: Upgrade", "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: portforward.k8s.io");
        using var client = new SpdyTestClient(connection);
        await ConnectAsync(client, 80, "0");
        await connection.DisposeAsync();

        await ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Channels_begin_with_their_port_and_carry_its_connection()
    {
        Node.Server = EchoAsync;
        using var socket = await ConnectAsync(Path("portforward", "ports=80&ports=8080"), "v4.channel.k8s.io");

        var greetings = new List<byte[]>();
        for (var n = 0; n < 4; n++) greetings.Add((await MessageAsync(socket))!);
        await SendAsync(socket, [2, .. "hi"u8]);

        Assert.Equal(["005000", "015000", "02901f", "03901f"], greetings.Select(Convert.ToHexStringLower));
        Assert.Equal("\u00028080: ", Encoding.UTF8.GetString((await MessageAsync(socket, 2))!));
        Assert.Equal("\u0002hi", Encoding.UTF8.GetString((await MessageAsync(socket, 2))!));
    }

    [Fact]
    public async Task A_channels_failure_comes_on_its_error_channel_and_closes()
    {
        using var socket = await ConnectAsync(Path("portforward", "ports=81"), "v4.channel.k8s.io");

        var messages = await MessagesAsync(socket);

        Assert.Equal(3, messages.Count);
        Assert.Equal(1, messages[2].Channel);
        Assert.StartsWith(Refusal, messages[2].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ports=")]
    [InlineData("ports=0")]
    [InlineData("ports=65536")]
    public async Task Channels_need_ports(string query)
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(Path("portforward", query), "v4.channel.k8s.io"));

        Assert.Contains("400", refused.Message, StringComparison.Ordinal);
    }

    private async Task<SpdyTestClient> OpenAsync(bool tunnelled)
    {
        if (!tunnelled) return await SpdyAsync(Path("portforward", ""), "portforward.k8s.io");
        // The class library's client does not take the slash in the subprotocol's name.
        var (head, connection) = await UpgradeAsync(
            "GET", Path("portforward", ""), "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io");
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io\r\n", head, StringComparison.Ordinal);
        var socket = WebSocket.CreateFromStream(connection, new WebSocketCreationOptions());
        return new(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true));
    }

    private static async Task<(int Error, int Data)> ConnectAsync(SpdyTestClient client, int port, string requestId)
    {
        var error = await client.OpenAsync(("streamType", "error"), ("port", $"{port}"), ("requestID", requestId));
        Assert.Equal($"reply {error}", $"{await client.ReceiveAsync()}");
        var data = await client.OpenAsync(("streamType", "data"), ("port", $"{port}"), ("requestID", requestId));
        var reply = await client.ReceiveAsync();
        Assert.Equal($"reply {data}", $"{reply}");
        return (error, data);
    }

    /// <summary>The data of a stream until its end; others must not be in between.</summary>
    private static async Task<string> ReadAsync(SpdyTestClient client, int stream)
    {
        var text = "";
        while (await client.ReceiveAsync() is { } frame)
        {
            Assert.Equal(("data", stream), (frame.Kind, frame.StreamId));
            text += Encoding.UTF8.GetString(frame.Data);
            if (frame.Fin) return text;
        }
        throw new EndOfStreamException(text);
    }

    private static async Task<byte[]?> MessageAsync(WebSocket socket, int channel)
    {
        while (await MessageAsync(socket) is { } message)
            if (message[0] == channel) return message;
        return null;
    }

    private static async Task EchoAsync(int port, Stream fromClient, Stream toClient, CancellationToken cancel)
    {
        await toClient.WriteAsync(Encoding.UTF8.GetBytes($"{port}: "), cancel);
        await fromClient.CopyToAsync(toClient, cancel);
        await toClient.DisposeAsync();
    }
}
