using System.Text;
using ActorOrch.Gateway.Tests.Streaming.Spdy;

namespace ActorOrch.Gateway.Tests.Streaming.RemoteCommands;

public sealed class SpdyCommandTests : StreamingTest
{
    [Fact]
    public async Task Each_stream_of_the_process_is_one_of_the_connection()
    {
        using var client = await ExecAsync("command=copy&stdin=true&stdout=true", "v4.channel.k8s.io");
        var (error, stdin, stdout) = (await OpenAsync(client, "error"), await OpenAsync(client, "stdin"), await OpenAsync(client, "stdout"));
        await client.SendAsync(stdin, "hello"u8.ToArray(), fin: true);

        var data = await ReceiveAsync(client, error);

        Assert.Equal(("hello", """{"metadata":{},"status":"Success"}"""), (data[stdout], data[error]));
    }

    [Theory]
    [InlineData("v4.channel.k8s.io", "\"reason\":\"NonZeroExitCode\"")]
    [InlineData("v3.channel.k8s.io", "command terminated with non-zero exit code: error executing command [exit 5], exit code 5")]
    [InlineData("v2.channel.k8s.io", "command terminated with non-zero exit code: error executing command [exit 5], exit code 5")]
    [InlineData("channel.k8s.io", "command terminated with non-zero exit code: error executing command [exit 5], exit code 5")]
    public async Task The_outcome_has_the_form_of_the_version(string protocol, string outcome)
    {
        using var client = await ExecAsync("command=exit&command=5&stdout=true", protocol);
        var (error, _) = (await OpenAsync(client, "error"), await OpenAsync(client, "stdout"));

        Assert.Contains(outcome, (await ReceiveAsync(client, error))[error], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_has_a_stream_of_its_sizes()
    {
        using var client = await ExecAsync("command=size&stdin=true&stdout=true&tty=true", "v4.channel.k8s.io");
        var error = await OpenAsync(client, "error");
        await OpenAsync(client, "stdin");
        var stdout = await OpenAsync(client, "stdout");
        var resize = await OpenAsync(client, "resize");
        await client.SendAsync(resize, "{\"Width\":80,\"Height\":24}\n"u8.ToArray());

        Assert.Equal("80x24", (await ReceiveAsync(client, error))[stdout]);
    }

    [Fact]
    public async Task A_stream_that_was_not_asked_for_is_refused()
    {
        using var client = await ExecAsync("command=say&command=x&stdout=true", "v4.channel.k8s.io");
        await client.OpenAsync(("streamType", "gossip"));

        Assert.Equal("reset RefusedStream 1", $"{await client.ReceiveAsync()}");
    }

    private async Task<SpdyTestClient> ExecAsync(string query, string protocol) => await SpdyAsync(Path("exec", $"container=a&{query}"), protocol);

    private static async Task<int> OpenAsync(SpdyTestClient client, string type)
    {
        var id = await client.OpenAsync(("streamType", type));
        Assert.Equal($"reply {id}", $"{await client.ReceiveAsync()}");
        return id;
    }

    /// <summary>What was sent on each stream, until that of the outcome has ended.</summary>
    private static async Task<Dictionary<int, string>> ReceiveAsync(SpdyTestClient client, int error)
    {
        var data = new Dictionary<int, string>();
        while (await client.ReceiveAsync() is { Kind: "data" } frame)
        {
            data[frame.StreamId] = data.GetValueOrDefault(frame.StreamId, "") + Encoding.UTF8.GetString(frame.Data);
            if (frame.StreamId == error && frame.Fin) break;
        }
        return data;
    }
}
