using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Tests.Streaming.WebSockets;

/// <summary>Logs and watches over a WebSocket, as clients in browsers ask for them.</summary>
public sealed class OneWaySocketTests : StreamingTest
{
    private readonly LoggingNode _node = new();

    [Theory]
    [InlineData(null, WebSocketMessageType.Binary, "line 1\n")]
    [InlineData("binary.k8s.io", WebSocketMessageType.Binary, "line 1\n")]
    [InlineData("base64.binary.k8s.io", WebSocketMessageType.Text, "bGluZSAxCg==")]
    public async Task A_log_comes_message_by_message_in_the_protocol_that_was_asked_for(string? protocol, WebSocketMessageType type, string first)
    {
        using var socket = await ConnectAsync(Path("log", "container=a&follow=true"), protocol is null ? [] : [protocol]);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((protocol, type, first), (socket.SubProtocol, received.MessageType, Encoding.UTF8.GetString(buffer, 0, received.Count)));
        _node.Finish.SetResult();
        Assert.Null(await MessageAsync(socket));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task A_log_that_is_refused_is_a_goodbye_that_says_why()
    {
        _node.Refusal = ApiException.BadRequest("container \"a\" in pod \"p\" is waiting to start: ContainerCreating");
        using var socket = await ConnectAsync(Path("log", "container=a"));

        Assert.Null(await MessageAsync(socket));
        Assert.Equal((WebSocketCloseStatus.InternalServerError, _node.Refusal.Message), (socket.CloseStatus, socket.CloseStatusDescription));
    }

    [Fact]
    public async Task A_log_is_no_longer_followed_once_the_client_has_gone()
    {
        using var socket = await ConnectAsync(Path("log", "container=a&follow=true"));
        Assert.NotNull(await MessageAsync(socket));

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);

        await _node.Left.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_protocol_that_logs_do_not_speak_is_refused() =>
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(Path("log", "container=a"), "v4.channel.k8s.io"));

    [Fact]
    public async Task Each_event_of_a_watch_is_a_text_message_however_long()
    {
        using var socket = await ConnectAsync("/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=600");
        var large = new string('x', 300_000);
        foreach (var (name, value) in ((string, string)[])[("a", "1"), ("b", large), ("c", "3")])
            await Gateway.Registry.PutAsync(BuiltIn.ConfigMaps, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
                ["data"] = new JsonObject { ["value"] = value },
            });

        foreach (var (name, value) in ((string, string)[])[("a", "1"), ("b", large), ("c", "3")])
        {
            var message = JsonNode.Parse(await MessageAsync(socket) ?? throw new InvalidOperationException("closed"))!;
            Assert.Equal(("ADDED", name, value), ((string)message["type"]!, (string)message["object"]!["metadata"]!["name"]!, (string)message["object"]!["data"]!["value"]!));
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task A_watch_that_ends_says_goodbye()
    {
        using var socket = await ConnectAsync("/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=1");

        Assert.Null(await MessageAsync(socket));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    protected override async Task<TestGateway> StartAsync()
    {
        var gateway = await TestGateway.StartAsync(_node);
        await gateway.Registry.PutAsync(BuiltIn.Pods, Pod("p", "n1", "a", "b"));
        return gateway;
    }

    private sealed class LoggingNode : INodeStreamsLocator, INodeStreams
    {
        public ApiException? Refusal { get; set; }
        public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public INodeStreams? Find(string nodeName) => nodeName == "n1" ? this : null;

        public async Task CopyLogsAsync(PodLogRequest request, Stream destination, CancellationToken cancel)
        {
            if (Refusal is not null) throw Refusal;
            await destination.WriteAsync(Encoding.UTF8.GetBytes("line 1\n"), cancel);
            if (!request.Follow) return;
            try
            {
                await Finish.Task.WaitAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                Left.SetResult();
                throw;
            }
        }

        public Task<IPodCommand> FindCommandAsync(PodCommandRequest request, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IPodPorts> FindPortsAsync(ObjectKey pod, string podUid, CancellationToken cancel) => throw new NotSupportedException();
    }
}
