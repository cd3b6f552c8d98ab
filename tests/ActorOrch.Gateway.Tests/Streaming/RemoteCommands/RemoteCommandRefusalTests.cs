using System.Net;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Streaming.RemoteCommands;

public sealed class RemoteCommandRefusalTests : StreamingTest
{
    private static readonly string[] Upgrade = ["Connection: Upgrade", "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: v4.channel.k8s.io"];

    [Theory]
    [InlineData("exec", "command=say", 400, "a container name must be specified for pod p, choose one of: [a b]")]
    [InlineData("exec", "command=say&container=x", 400, "container x is not valid for pod p")]
    [InlineData("exec", "command=say&container=a", 400, "Upgrade request required")]
    [InlineData("attach", "container=a&stdout=true", 400, "Upgrade request required")]
    [InlineData("portforward", "", 400, "Upgrade request required")]
    public async Task A_request_that_cannot_be_is_refused_in_upstreams_words(string subresource, string query, int expected, string message)
    {
        var (code, status) = await Gateway.SendAsync("POST", Path(subresource, query));

        Assert.Equal((expected, message), ((int)code, (string)status["message"]!));
    }

    [Theory]
    [InlineData("exec", "none", 404, "pods \"none\" not found")]
    [InlineData("exec", "unbound", 400, "pod unbound does not have a host assigned")]
    [InlineData("exec", "away", 503, "the agent of node \"n2\" cannot be reached")]
    [InlineData("portforward", "none", 404, "pods \"none\" not found")]
    [InlineData("portforward", "unbound", 400, "pod unbound does not have a host assigned")]
    public async Task A_pod_must_be_on_a_node_that_can_be_reached(string subresource, string pod, int expected, string message)
    {
        await Gateway.Registry.PutAsync(BuiltIn.Pods, Pod("unbound", "", "a"));
        await Gateway.Registry.PutAsync(BuiltIn.Pods, Pod("away", "n2", "a"));

        var (code, status) = await Gateway.SendAsync("GET", Path(subresource, "command=say", pod));

        Assert.Equal((expected, message), ((int)code, (string)status["message"]!));
    }

    [Theory]
    [InlineData("command=say&container=a", "you must specify at least 1 of stdin, stdout, stderr")]
    [InlineData("command=say&container=a&tty=true&stderr=true", "you must specify at least 1 of stdin, stdout, stderr")]
    [InlineData("container=a&stdout=true", "you must specify at least one command for the container")]
    public async Task Something_must_be_asked_for(string query, string message)
    {
        var (head, connection) = await UpgradeAsync("POST", Path("exec", query), Upgrade);

        Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        await AssertAnswersAsync(message, connection);
    }

    [Fact]
    public async Task A_container_that_does_not_run_is_told_of_before_the_upgrade()
    {
        Node.Refusal = new(500, "InternalError", "container not found (\"a\")");

        var (head, connection) = await UpgradeAsync("POST", Path("exec", "command=say&container=a&stdout=true"), Upgrade);

        Assert.StartsWith("HTTP/1.1 500 ", head, StringComparison.Ordinal);
        await AssertAnswersAsync("container not found (\\\"a\\\")", connection);
    }

    [Fact]
    public async Task A_protocol_that_no_one_speaks_is_answered_with_those_that_are_spoken()
    {
        var (head, _) = await UpgradeAsync(
            "POST", Path("exec", "command=say&container=a&stdout=true"), "Connection: Upgrade", "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: v9.channel.k8s.io");

        Assert.StartsWith("HTTP/1.1 403 ", head, StringComparison.Ordinal);
        foreach (var served in (string[])["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"])
            Assert.Contains($"X-Accepted-Stream-Protocol-Versions: {served}\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subprotocol_that_no_one_speaks_is_no_upgrade()
    {
        var refused = await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(
            () => ConnectAsync(Path("exec", "command=say&container=a&stdout=true"), "v9.channel.k8s.io"));

        Assert.Contains("400", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_callers_run_nothing()
    {
        using var anonymous = Gateway.NewClient();

        using var response = await anonymous.PostAsync(Path("exec", "command=say&container=a&stdout=true"), null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task AssertAnswersAsync(string message, Stream connection)
    {
        var buffer = new byte[4096];
        var count = await connection.ReadAsync(buffer).AsTask().WaitAsync(Patience);
        Assert.Contains($"\"message\":\"{message}\"", System.Text.Encoding.UTF8.GetString(buffer, 0, count), StringComparison.Ordinal);
        await connection.DisposeAsync();
    }
}
