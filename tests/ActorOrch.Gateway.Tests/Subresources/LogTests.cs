using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Tests.Subresources;

public sealed class LogTests : GatewayTest
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly LoggingNode _node = new();

    [Fact]
    public async Task The_only_containers_log_is_copied()
    {
        await PutPodAsync("n1", "a");

        using var response = await Gateway.RespondAsync("GET", LogPath(""));

        Assert.Equal((HttpStatusCode.OK, "text/plain", "line 1\nline 2\n"),
            (response.StatusCode, response.Content.Headers.ContentType!.ToString(), await response.Content.ReadAsStringAsync()));
        Assert.Equal(new PodLogRequest(new("default", "p"), _node.Asked!.PodUid, "a", false, false, false, null, null, null), _node.Asked);
    }

    [Fact]
    public async Task Every_option_reaches_the_node()
    {
        await PutPodAsync("n1", "a", "b");

        using var response = await Gateway.RespondAsync("GET",
            LogPath("container=b&previous=true&follow=true&timestamps=true&tailLines=5&sinceSeconds=60&limitBytes=100"));

        Assert.Equal(
            new PodLogRequest(new("default", "p"), _node.Asked!.PodUid, "b", true, true, true, 5, Now.AddSeconds(-60), 100), _node.Asked);
    }

    [Fact]
    public async Task A_time_can_be_given_instead_of_seconds()
    {
        await PutPodAsync("n1", "a");

        using var response = await Gateway.RespondAsync("GET", LogPath("sinceTime=2026-04-30T10:00:00Z"));

        Assert.Equal(new DateTimeOffset(2026, 4, 30, 10, 0, 0, TimeSpan.Zero), _node.Asked!.Since);
    }

    [Theory]
    [InlineData("", 400, "a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [i]")]
    [InlineData("container=x", 400, "container x is not valid for pod p")]
    [InlineData("container=a&tailLines=-1", 422, "PodLogOptions \"p\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("container=a&limitBytes=0", 422, "PodLogOptions \"p\" is invalid: limitBytes: Invalid value: 0: must be greater than 0")]
    [InlineData("container=a&sinceSeconds=0", 422, "PodLogOptions \"p\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0")]
    public async Task Options_that_cannot_be_are_refused_in_upstreams_words(string query, int expected, string message)
    {
        await Gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse(
            """{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n1","initContainers":[{"name":"i"}],"containers":[{"name":"a"},{"name":"b"}]}}""")!.AsObject());

        var (code, status) = await Gateway.SendAsync("GET", LogPath(query));

        Assert.Equal((expected, message), ((int)code, (string)status["message"]!));
    }

    [Fact]
    public async Task An_init_containers_log_can_be_had_by_name()
    {
        await Gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse(
            """{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n1","initContainers":[{"name":"i"}],"containers":[{"name":"a"}]}}""")!.AsObject());

        using var response = await Gateway.RespondAsync("GET", LogPath("container=i"));

        Assert.Equal("i", _node.Asked!.Container);
    }

    [Fact]
    public async Task What_the_node_refuses_is_a_status()
    {
        await PutPodAsync("n1", "a");
        _node.Refusal = ApiException.BadRequest("container \"a\" in pod \"p\" is waiting to start: ContainerCreating");

        var (code, status) = await Gateway.SendAsync("GET", LogPath(""));

        Assert.Equal((HttpStatusCode.BadRequest, _node.Refusal.Message), (code, (string)status["message"]!));
    }

    [Fact]
    public async Task A_pod_without_a_node_has_an_empty_log()
    {
        await PutPodAsync("", "a");

        using var response = await Gateway.RespondAsync("GET", LogPath(""));

        Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_node_that_no_one_knows_gets_503()
    {
        await PutPodAsync("n2", "a");

        var (code, _) = await Gateway.SendAsync("GET", LogPath(""));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
    }

    [Fact]
    public async Task Following_sends_each_line_as_it_comes()
    {
        await PutPodAsync("n1", "a");
        using var response = await Gateway.Client.GetAsync(LogPath("follow=true"), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("line 1", await lines.ReadLineAsync());
        Assert.Equal("line 2", await lines.ReadLineAsync());
        _node.Finish.SetResult();
        Assert.Null(await lines.ReadLineAsync());
    }

    protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(_node, new SetClock(Now));

    private static string LogPath(string query) => $"/api/v1/namespaces/default/pods/p/log?{query}";

    private Task PutPodAsync(string node, params string[] containers) => Gateway.Registry.PutAsync(BuiltIn.Pods, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = "p", ["namespace"] = "default" },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["containers"] = new JsonArray([.. containers.Select(c => new JsonObject { ["name"] = c })]),
        },
    });

    private sealed class LoggingNode : INodeStreamsLocator, INodeStreams
    {
        public PodLogRequest? Asked { get; private set; }
        public ApiException? Refusal { get; set; }
        public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public INodeStreams? Find(string nodeName) => nodeName == "n1" ? this : null;

        public async Task CopyLogsAsync(PodLogRequest request, Stream destination, CancellationToken cancel)
        {
            Asked = request;
            if (Refusal is not null) throw Refusal;
            await destination.WriteAsync(Encoding.UTF8.GetBytes("line 1\nline 2\n"), cancel);
            if (request is { Follow: true, TailLines: null }) await Finish.Task.WaitAsync(cancel);
        }

        public Task<IPodCommand> FindCommandAsync(PodCommandRequest request, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IPodPorts> FindPortsAsync(ObjectKey pod, string podUid, CancellationToken cancel) => throw new NotSupportedException();
    }
}
