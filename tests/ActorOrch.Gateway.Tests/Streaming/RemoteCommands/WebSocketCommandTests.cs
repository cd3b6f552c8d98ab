using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorOrch.Gateway.Tests.Streaming.RemoteCommands;

public sealed class WebSocketCommandTests : StreamingTest
{
    private const string Success = """{"metadata":{},"status":"Success"}""";

    [Theory]
    [InlineData("v5.channel.k8s.io")]
    [InlineData("v4.channel.k8s.io")]
    public async Task Output_and_outcome_come_on_their_channels(string protocol)
    {
        using var socket = await ExecAsync("command=say&command=hello there&stdout=true&stderr=true", protocol);

        Assert.Equal(protocol, socket.SubProtocol);
        (int, string)[] greeting = protocol == "v5.channel.k8s.io" ? [] : [(1, "")];
        Assert.Equal([.. greeting, (1, "hello there"), (3, Success)], await MessagesAsync(socket));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Theory]
    [InlineData("channel.k8s.io")]
    [InlineData(null)]
    public async Task Before_version_4_a_success_says_nothing_and_a_failure_its_text(string? protocol)
    {
        string[] protocols = protocol is null ? [] : [protocol];
        using var success = await ExecAsync("command=say&command=hello&stdout=true", protocols);
        Assert.Equal([(1, ""), (1, "hello")], await MessagesAsync(success));

        using var failure = await ExecAsync("command=exit&command=7&stdout=true", protocols);
        Assert.Equal(
            [(1, ""), (3, "command terminated with non-zero exit code: error executing command [exit 7], exit code 7")], await MessagesAsync(failure));
    }

    [Fact]
    public async Task Base64_is_text_with_a_digit_for_the_channel()
    {
        using var socket = await ExecAsync("command=copy&stdin=true&stdout=true", "v4.base64.channel.k8s.io");
        await socket.SendAsync(Encoding.ASCII.GetBytes("0" + Convert.ToBase64String("hi"u8)), WebSocketMessageType.Text, true, CancellationToken.None);

        Assert.Equal("1", Encoding.ASCII.GetString((await MessageAsync(socket))!));
        Assert.Equal("1" + Convert.ToBase64String("hi"u8), Encoding.ASCII.GetString((await MessageAsync(socket))!));
    }

    [Fact]
    public async Task The_end_of_stdin_is_a_message_of_its_own()
    {
        using var socket = await ExecAsync("command=copy&stdin=true&stdout=true", "v5.channel.k8s.io");
        await SendAsync(socket, 0, (byte)'a', (byte)'b');
        await SendAsync(socket, 255, 0);

        Assert.Equal([(1, "ab"), (3, Success)], await MessagesAsync(socket));
    }

    [Fact]
    public async Task An_exit_code_is_a_cause_of_the_status()
    {
        using var socket = await ExecAsync("command=exit&command=42&stderr=true", "v4.channel.k8s.io");

        var messages = await MessagesAsync(socket);

        Assert.Equal((2, ""), messages[0]);
        var status = JsonNode.Parse(messages[1].Text)!;
        Assert.Equal(("Failure", "NonZeroExitCode", "ExitCode", "42"), (
            (string)status["status"]!, (string)status["reason"]!, (string)status["details"]!["causes"]![0]!["reason"]!,
            (string)status["details"]!["causes"]![0]!["message"]!));
    }

    [Fact]
    public async Task What_the_runtime_says_is_an_internal_error()
    {
        using var socket = await ExecAsync("command=fail&command=no such thing&stdout=true", "v5.channel.k8s.io");

        var status = JsonNode.Parse((await MessagesAsync(socket)).Last().Text)!;

        Assert.Equal(("InternalError", "Internal error occurred: error executing command in container: no such thing", 500),
            ((string)status["reason"]!, (string)status["message"]!, (int)status["code"]!));
    }

    [Fact]
    public async Task A_terminal_has_a_size_and_one_output()
    {
        using var socket = await ExecAsync("command=size&stdin=true&stdout=true&stderr=true&tty=true", "v5.channel.k8s.io");
        await SendAsync(socket, [4, .. """{"Width":0,"Height":0}"""u8]);
        await SendAsync(socket, [4, .. """{"Width":132,"Height":43}"""u8]);

        Assert.Contains((1, "132x43"), await MessagesAsync(socket));
    }

    [Fact]
    public async Task Attaching_has_no_command_and_no_exit_code()
    {
        using var socket = await ConnectAsync(Path("attach", "container=a&stdout=true"), "v5.channel.k8s.io");

        Assert.Equal([(1, "attached\n"), (3, Success)], await MessagesAsync(socket));
    }

    [Fact]
    public async Task Input_that_no_one_reads_does_not_keep_the_outcome_back()
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Node.Process = async (_, _, cancel) =>
        {
            await start.Task.WaitAsync(cancel);
            return 3;
        };
        using var socket = await ExecAsync("command=x&stdin=true&stdout=true", "v5.channel.k8s.io");
        var sending = SendAsync(socket, new byte[16 << 20]);
        start.SetResult();

        Assert.Contains("\"3\"", (await MessagesAsync(socket)).Last().Text, StringComparison.Ordinal);
        await sending.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_command_is_cancelled_when_its_client_goes()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Node.Process = async (_, _, cancel) =>
        {
            cancel.Register(ended.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            return 0;
        };
        using var socket = await ExecAsync("command=wait&stdout=true", "v4.channel.k8s.io");
        await MessageAsync(socket);
        socket.Abort();

        await ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_command_ends_when_the_server_stops()
    {
        using var socket = await ExecAsync("command=wait&stdout=true", "v4.channel.k8s.io");
        await MessageAsync(socket);

        await Gateway.Server.StopAsync().WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (await MessageAsync(socket) is not null) ;
            throw new WebSocketException("closed");
        });
    }

    private Task<ClientWebSocket> ExecAsync(string query, params string[] protocols) => ConnectAsync(Path("exec", $"container=a&{query}"), protocols);
}
